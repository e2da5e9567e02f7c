//! Fixtures of `lock/`, which are compiled against the locks in `contracts/`. Bless the messages with `TRYBUILD=overwrite`, and read them.

#[test]
fn kept_and_broken() {
    flow_ui_tests::check("lock");
}
