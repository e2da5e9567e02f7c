//! What `App` refuses. Bless the messages with `TRYBUILD=overwrite`, and read them.

#[test]
fn programs() {
    trybuild::TestCases::new().compile_fail("app/fail/*.rs");
}
