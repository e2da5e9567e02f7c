//! Fixtures of `app/`. Bless the messages with `TRYBUILD=overwrite`, and read them.

#[test]
fn accepted_and_refused() {
    flow_ui_tests::check("app");
}
