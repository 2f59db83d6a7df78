use super::*;

#[test]
fn text_is_drawn_and_fits() {
    let short = draw("Łódź", 30, 576);
    assert!(short.dots().black() > 100 && short.width < 100, "{}", short.width);
    let long = draw("Une ligne bien trop longue pour un papier aussi étroit que celui-ci", 30, 200);
    assert!(long.width <= 200);
    assert!(long.dots().black() > 200);
}

#[test]
fn arabic_letters_join_and_run_from_right_to_left() {
    // Joined, three letters are narrower than the same letters apart.
    let joined = draw("بيت", 40, 576);
    let apart = draw("ب ي ت", 40, 576);
    assert!(joined.width < apart.width);
    // The first letter of the text stands at the right: the number behind it at the left.
    let ink =
        |drawn: &Drawn, from: u16, to: u16| (from..to).flat_map(|x| (0..drawn.height).map(move |y| (x, y))).filter(|(x, y)| drawn.dots().get(*x, *y)).count();
    let line = draw("ا 888", 40, 576);
    assert!(ink(&line, 0, line.width / 2) > ink(&line, line.width / 2, line.width));
}

#[test]
fn a_phone_number_keeps_its_order_in_an_arabic_sentence() {
    let kept = draw("هاتف \u{2066}02 555\u{2069}", 40, 576);
    // Left alone, its groups would change places: written the wrong way round they come out right.
    assert_eq!(kept, draw("هاتف 555 02", 40, 576));
    assert_ne!(kept, draw("هاتف 02 555", 40, 576));
}

#[test]
fn a_letter_that_no_font_has_is_a_frame() {
    assert!(draw("\u{13000}", 30, 576).dots().black() > 10);
}

/// A library's fault, met on kiosk screens: "8 minutes" without the 8.
#[test]
fn a_number_in_front_of_arabic_is_not_lost() {
    for (with, without) in [("8 دقائق", "دقائق"), ("4 + الورقة", "الورقة"), ("12,50 يورو", "يورو")] {
        let (with, without) = (draw(with, 32, u16::MAX), draw(without, 32, u16::MAX));
        assert!(with.width > without.width + 12, "{} against {}", with.width, without.width);
    }
}
