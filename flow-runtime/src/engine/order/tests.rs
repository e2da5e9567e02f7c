use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::*;

trait Answer {
    const RANDOM: bool;
}

impl Answer for Fixed {
    const RANDOM: bool = false;
}

impl Answer for Random {
    const RANDOM: bool = true;
}

fn is_random<A: Answer>(_: A) -> bool {
    A::RANDOM
}

/// Asks as generated code does.
macro_rules! random {
    ($($items:expr),* $(,)?) => {
        [$({
            let items = $items;
            is_random(
                OrderProbe::<_, Here>::of(&items).order()
                    | OrderProbe::<_, Left<Here>>::of(&items).order()
                    | OrderProbe::<_, Right<Here>>::of(&items).order()
                    | OrderProbe::<_, Left<Right<Here>>>::of(&items).order()
                    | OrderProbe::<_, Right<Left<Here>>>::of(&items).order(),
            )
        }),*]
    };
}

#[test]
fn adapters_hand_the_answer_on() {
    let (set, list) = (HashSet::from([1]), vec![1]);
    let found = random!(
        &set,
        set.clone(),
        set.iter().copied().enumerate().take(1).skip(1).fuse().step_by(1),
        set.iter().cloned().peekable(),
        set.iter().take_while(|_| true).skip_while(|_| false).map_while(Some),
        set.iter().scan(0, |_, x| Some(x)).inspect(|_| ()).cycle(),
        set.iter().filter(|_| true).filter_map(Some).map(|x| x + 1),
        list.iter().rev().copied().enumerate().take(1).skip(1).fuse().step_by(1).peekable(),
        list.iter().take_while(|_| true).skip_while(|_| false).map_while(Some).scan(0, |_, x| Some(x)),
    );
    assert_eq!(found, [true, true, true, true, true, true, true, false, false]);
}

#[test]
fn either_side_is_enough() {
    let (set, list) = (HashSet::from([1]), vec![1]);
    let (sets, lists) = (vec![set.clone()], vec![list.clone()]);
    let found = random!(
        set.iter().chain(&list),
        list.iter().chain(&set),
        set.iter().chain(&set),
        list.iter().chain(&set).chain(&list),
        list.iter().chain(list.iter().chain(&list).fuse()).zip(&set).map(|(x, _)| x),
        list.iter().chain(set.iter().chain(&list)),
        list.iter().zip(&set),
        list.iter().flat_map(|_| set.clone()),
        set.iter().flat_map(|_| list.clone()),
        sets.iter().flatten(),
        HashSet::from([list.clone()]).into_iter().flatten(),
        list.iter().chain(&list).chain(&list),
        list.iter().zip(&list).map(|(x, _)| x),
        list.iter().flat_map(|_| list.clone()),
        lists.iter().flatten(),
    );
    let (random, fixed) = found.split_at(11);
    assert_eq!((random, fixed), (&[true; 11][..], &[false; 4][..]));
}

#[test]
fn every_iterator_of_a_hash_collection_is_unordered() {
    let (mut map, mut set, mut heap) = (HashMap::from([(1, 2)]), HashSet::from([1]), BinaryHeap::from([1]));
    assert_eq!(random!(map.values_mut(), map.iter_mut(), map.drain(), set.drain(), heap.drain()), [true; 5]);
    assert_eq!(random!(map.keys(), map.values(), map.clone().into_keys(), map.into_values(), heap.iter()), [true; 5]);
    let other = HashSet::from([2]);
    assert_eq!(
        random!(
            set.union(&other),
            set.intersection(&other),
            set.difference(&other),
            set.symmetric_difference(&other),
            heap.clone(),
            heap.clone().into_iter(),
        ),
        [true; 6]
    );
    assert_eq!(
        random!(heap.into_sorted_vec(), BTreeMap::from([(1, 2)]), BTreeSet::from([1]).into_iter(), 0..3),
        [false; 4]
    );
}
