use proptest::prelude::*;

use super::*;

const LEAST: &str = "[fields]\nid = \"id\"\nname = \"nom\"\n";

fn fault(text: &str) -> String {
    Mapping::parse(text).unwrap_err().to_string()
}

#[test]
fn the_shipped_mappings_are_valid() {
    Mapping::house().unwrap();
    Mapping::parse(include_str!("../../../../config/mappings/lamednum.toml")).unwrap();
    for text in
        [include_str!("../../../../tests/conformance/mappings/mednum-bfc.toml"), include_str!("../../../../tests/conformance/mappings/yeswiki-form-1.toml")]
    {
        Mapping::parse(text).unwrap();
    }
}

#[test]
fn a_field_is_a_column_several_or_a_table() {
    let mapping = Mapping::parse(&format!(
        "{LEAST}street = [\"rue\", \"n°\"]\ncountry = {{ constant = \"BE\" }}\nshort = {{ columns = [\"a\", \"b\"], join = \", \", nl = \"kort\" }}"
    ))
    .unwrap();
    assert_eq!(mapping.rule(Field::Street).unwrap().columns, ["rue", "n°"]);
    assert_eq!(mapping.rule(Field::Country).unwrap().constant.as_deref(), Some("BE"));
    let short = mapping.rule(Field::Short).unwrap();
    assert_eq!((short.join.as_deref(), short.all_columns()), (Some(", "), vec!["a", "b", "kort"]));
}

#[test]
fn a_mistake_names_its_line_and_the_nearest_word() {
    for (text, line, hint) in [
        (format!("{LEAST}postl_code = \"cp\""), "line 4", "did you mean \"postal_code\"?"),
        (format!("exten = \"whole\"\n{LEAST}"), "line 1", "did you mean \"extent\"?"),
        (format!("{LEAST}[[themes]]\ntarget = \"digtal\""), "line 5", "did you mean \"digital\"?"),
        (format!("{LEAST}[[audiences]]\ntarget = \"women:onli\""), "line 5", "did you mean \"women:only\"?"),
        (format!("{LEAST}[[days]]\nday = \"Lu\"\ncolumns = []"), "line 5", "is no day"),
        (format!("{LEAST}[[access]]\ncolumns = [\"a\"]"), "line 4", "needs a target"),
        (format!("{LEAST}street = {{ colum = \"a\" }}"), "line 4", "did you mean \"column\"?"),
        ("[fields]\nname = \"nom\"".to_owned(), "line 1", "\"id\" is missing"),
        (format!("{LEAST}phone = {{ fr = \"a\" }}"), "", "cannot be given by language"),
        (format!("{LEAST}phone = 3"), "line 4", "a column's name"),
        ("[fields".to_owned(), "line 1", ""),
    ] {
        let message = fault(&text);
        assert!(message.contains(line) && message.contains(hint), "{text}\n{message}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_mapping_or_an_explained_error(text in "(\\[fields\\]\n|id = |name = |\"x\"\n|\\[\"a\"\\]\n|\\{ fr = \"a\" \\}\n|\\[\\[themes\\]\\]\n|target = \"food\"\n|\\PC|\n){0,20}") {
        if let Err(error) = Mapping::parse(&text) {
            prop_assert!(matches!(error, FeedError::Mapping { .. }), "another error");
        }
    }
}
