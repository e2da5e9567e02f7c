//! What `#[contract]` accepts and refuses. Bless the messages with `TRYBUILD=overwrite`, and read them.

#[test]
fn contracts() {
    let cases = trybuild::TestCases::new();
    cases.pass("contract/pass/*.rs");
    cases.compile_fail("contract/fail/*.rs");
}
