//! Fixtures in `tool/`. Update the expected output with `TRYBUILD=overwrite`, and review it.

#[test]
fn accepted_and_refused() {
    flow_ui_tests::check("tool");
}
