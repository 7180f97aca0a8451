//! Independent hook-tool calls, side by side.
//!
//! The unit's agent answers the calls of one hook one after another, but much of a
//! call is the start of a process and a connection, and those go on at the same time.
//! `cargo bench` shows what comes of it.

use std::panic::resume_unwind;
use std::thread;

/// How many items are worked on at the same time. More would only wait for the agent.
const LANES: usize = 4;

/// Work that leaves its result where it was told to.
type Task<'a> = Box<dyn FnMut() + Send + 'a>;

/// Does both.
pub(crate) fn both<A: Send, B>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    let (mut one, mut other) = (Some(one), Some(other));
    let (mut first, mut second) = (None, None);
    let beside = Box::new(|| first = one.take().map(|one| one()));
    run(vec![beside], &mut || {
        second = other.take().map(|other| other());
    });
    (done(first), done(second))
}

/// Does `work` for each of `items`, some at a time, and gives back what came of it, in
/// their order. Stops where it fails.
pub(crate) fn each<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let work = &work;
    let mut results = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    while let Some(first) = items.next() {
        let mut here = (Some(first), None);
        let rest = items.by_ref().take(LANES - 1);
        let mut beside: Vec<_> = rest.map(|item| (Some(item), None)).collect();
        let tasks = beside.iter_mut().map(|(item, result)| {
            let task: Task<'_> = Box::new(move || *result = item.take().map(work));
            task
        });
        run(tasks.collect(), &mut || here.1 = here.0.take().map(work));
        results.push(done(here.1)?);
        for (_, result) in beside {
            results.push(done(result)?);
        }
    }
    Ok(results)
}

/// Does `beside` in threads of their own, and `here` in this one. Not generic, since each
/// kind of thread would make the charm 10 KB larger.
fn run(beside: Vec<Task<'_>>, here: &mut dyn FnMut()) {
    thread::scope(|scope| {
        let threads: Vec<_> = beside.into_iter().map(|task| scope.spawn(task)).collect();
        here();
        for thread in threads {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
}

#[expect(
    clippy::expect_used,
    reason = "`run` does every task, or panics as it did"
)]
fn done<T>(result: Option<T>) -> T {
    result.expect("it was done")
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
