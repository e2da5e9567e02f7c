//! Generates a long text, the same each time: the log of a small harbour over a year.

const MONTHS: [(&str, u32); 12] = [
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

const SHIPS: [&str; 8] = [
    "the dredger Marsh Hen",
    "the coaster Aldebaran",
    "the trawler Two Sisters",
    "the pilot cutter Petrel",
    "the ferry Saint Olave",
    "the tug Patience",
    "the barge Long Meg",
    "the research vessel Calanus",
];

const WINDS: [&str; 6] = [
    "a light breeze from the south-west and good sight as far as the outer buoy",
    "fog until the forenoon, so thick that the horn was sounded every two minutes",
    "a fresh wind from the north that set a short, steep sea across the bar",
    "a gale from the west, in gusts of fifty-one knots, with spray over the mole",
    "a calm so complete that the smoke of the cannery stood upright all day",
    "rain in squalls from the south-east, with a falling glass in the evening",
];

const CARGO: [&str; 7] = [
    "loaded 240 tonnes of barley from the new silo",
    "landed 18 tonnes of cod and a little ling, which went to the auction at 1.90 a kilogram",
    "took on fuel and water, and left without discharging anything",
    "discharged timber for the sawmill, two bundles of which fell into the dock and were recovered",
    "waited at the roads for the tide, because her draught was a hand more than the bar allows",
    "brought three containers for the co-operative and took two empty ones away",
    "came in with a rope around her screw, and a diver freed it before dark",
];

const WORKS: [&str; 9] = [
    "The lamp at the head of the mole was cleaned and its spare was tested; it lights within nine seconds.",
    "Soundings were taken along the eastern quay. The channel has silted by 22 cm since the spring.",
    "The crane was out of service for four hours, because a fuse had corroded; a box of new ones was ordered.",
    "Two fenders at berth four were replaced. The old ones go to the sailing school, which asked for them.",
    "The harbour office counted dues for the week and found an error of 40 in the ledger, since corrected.",
    "The fire pump was started for its weekly run and lost pressure after ten minutes. A seal is worn.",
    "A seal pup was found on the slipway and taken to the station at Norrvik, where it is said to be well.",
    "The council's engineer inspected the crack in the lock wall. It has not moved since the glass strips were set.",
    "The apprentices painted the bollards of the north quay; visitors are asked to keep their lines off until Friday.",
];

const REMARKS: [&str; 5] = [
    "The master complained of the price of shore power and was shown the table of the council.",
    "Her papers were in order. One hand stayed ashore with a broken wrist.",
    "She will be back with the next spring tide, if the weather lets her.",
    "The agent asked for the same berth again and was promised it.",
    "Nothing was damaged, and nobody was late for supper.",
];

/// About 110 pages.
pub(crate) fn year() -> String {
    let mut log = "Log of the harbour of Ostrevik\n\n".to_owned();
    let mut dice = Dice(1899);
    for (month, days) in MONTHS {
        log += &format!("{month}\n\n");
        (1..=days).for_each(|day| log += &entry(month, day, &mut dice));
    }
    log
}

fn entry(month: &str, day: u32, dice: &mut Dice) -> String {
    let mut text = format!("{day} {month}. There was {}.\n", dice.one_of(&WINDS));
    for hour in [6, 13, 19] {
        let (ship, cargo) = (dice.one_of(&SHIPS), dice.one_of(&CARGO));
        text += &format!("At {hour}:{:02} {ship} came in; she {cargo}. {}\n", dice.below(60), dice.one_of(&REMARKS));
    }
    text + dice.one_of(&WORKS) + "\n\n"
}

/// Pseudorandom but deterministic numbers: a linear congruential generator (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}
