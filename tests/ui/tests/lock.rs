//! Fixtures in `lock/`, compiled against `contracts/`. Update the expected output with `TRYBUILD=overwrite`, and review it.

#[test]
fn kept_and_broken() {
    flow_ui_tests::check("lock");
}
