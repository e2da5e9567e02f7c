//! What `App` accepts and refuses. Bless the messages with `TRYBUILD=overwrite`, and read them.

#[test]
fn programs() {
    let cases = trybuild::TestCases::new();
    cases.pass("app/pass/*.rs");
    cases.compile_fail("app/fail/*.rs");
}
