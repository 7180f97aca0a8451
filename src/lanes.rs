//! Independent hook-tool calls, side by side.
//!
//! The unit's agent answers the calls of one hook one after another, but much of a
//! call is the start of a process and a connection, and those go on at the same time.
//! `cargo bench` shows what comes of it.

use std::panic::resume_unwind;
use std::thread;

/// How many items are worked on at the same time. More would only wait for the agent.
const LANES: usize = 4;

/// Does both.
pub(crate) fn both<A: Send, B>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (
            one.join().unwrap_or_else(|panic| resume_unwind(panic)),
            other,
        )
    })
}

/// Does `work` for each of `items`, some at a time, and gives back what came of it, in
/// their order. Stops where it fails.
pub(crate) fn each<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let work = &work;
    let mut results = Vec::new();
    let mut items = items.into_iter();
    while let Some(first) = items.next() {
        let rest: Vec<_> = items.by_ref().take(LANES - 1).collect();
        let done = thread::scope(|scope| {
            let lanes: Vec<_> = rest
                .into_iter()
                .map(|item| scope.spawn(move || work(item)))
                .collect();
            let mut done = vec![work(first)];
            for lane in lanes {
                done.push(lane.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            done
        });
        for result in done {
            results.push(result?);
        }
    }
    Ok(results)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let doubled = each((0..10).collect(), |item| Ok::<u32, ()>(item * 2));
        assert_eq!(doubled, Ok((0..10).map(|item| item * 2).collect()));
        let failed = each((0..10).collect(), |item| {
            if item == 7 { Err(item) } else { Ok(item) }
        });
        assert_eq!(failed, Err(7));
        assert_eq!(both(|| 1, || "two"), (1, "two"));
    }
}
