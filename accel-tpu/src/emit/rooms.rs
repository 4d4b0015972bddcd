//! Room for arrays whose length only the run decides: how a loop carries what grows in it.
//!
//! Of a loop with a bound that is known, what an iteration adds gives the room. Else the limits do that conditions in the loop put on lengths (`if a.len() < 8 { a.push(x) }`);
//! else there is room for a number of items ([`Options::room`]) and the program stops, and says so, where an array outgrows it. It is
//! to be written again with more room then, and run again.
//!
//! Invariant: after each iteration an array has at most as many items (`most`) as its layout says; what an iteration adds has room besides.
//!
//! [`Options::room`]: super::writer::Options::room

use super::control::Trips;
use super::error::{Help, Result, Unsupported, out_of_range};
use super::value::{Array, Layout, Sym, Tensor};
use super::writer::Cx;
use cotangent_core::error::TrapKind;
use cotangent_core::value::Scalar;

/// Loops of so many iterations at most get all the room that they can need, if they may end earlier.
const LARGE: u64 = 1 << 16;

/// So often items of arrays may be of another layout than before until the arrays in them are taken to grow.
const SETTLED: usize = 2;

const ENDLESS: &str = "how often the loop runs has no bound that is known before, so neither has the array: give the loop a counter with a constant limit, or, where it is the reverse pass that needs the array, mark the loop with checkpoint::slots";

pub(super) fn grows(why: &str) -> Unsupported {
    Unsupported::new("an array that grows in a loop", why)
}

/// The most items of an array.
fn most(l: &Layout) -> u64 {
    match l {
        Layout::Array { most, .. } => *most,
        Layout::Tensor(t) => t.shape.first().copied().unwrap_or(0),
        Layout::Record(_) => 0,
    }
}

impl Trips {
    /// How many items an array has at most after the loop, if it gets so many in each iteration and that is to be its room.
    fn room(self, first: u64, adds: u64, given: u64) -> Result<Option<u64>> {
        let (n, always) = match self {
            Trips::Exactly(n) => (n, true),
            Trips::AtMost(n) => (n, given == 0),
            Trips::Unknown => return Ok(None),
        };
        let all = adds.checked_mul(n).and_then(|x| x.checked_add(first));
        match all {
            Some(all) if always || all <= LARGE.max(given) => Ok(Some(all)),
            None if always => Err(grows("its bound is larger than any memory")),
            _ => Ok(None),
        }
    }
}

impl Cx<'_> {
    /// The layout in which a loop carries a value, given how it carried it, what an iteration made of that, and how it came in; `round` counts how often that
    /// was asked.
    pub(super) fn widened(
        &mut self,
        carried: &Layout,
        made: &Layout,
        start: &Layout,
        trips: Trips,
        round: usize,
    ) -> Result<Layout> {
        if let (Layout::Record(a), Layout::Record(b), Layout::Record(s)) = (carried, made, start)
            && a.len() == b.len()
        {
            let fields = a.iter().zip(b).zip(s);
            let fields = fields.map(|((x, y), s)| self.widened(x, y, s, trips, round));
            return Ok(Layout::Record(fields.collect::<Result<_>>()?));
        }
        let Layout::Array { item, .. } = carried.join(made)? else {
            return Ok(carried.clone());
        };
        let item = item.carried();
        let (first, makes) = (most(start), most(made));
        let array = |item: Layout, room, most| Layout::Array {
            item: Box::new(item),
            room,
            most,
            len: None,
        };
        let Layout::Array {
            item: old,
            room,
            most: had,
            ..
        } = carried
        else {
            return Ok(array(item, first, first));
        };
        let item = match *had {
            0 => item,
            _ => self.widened_item(old, item, round)?,
        };
        if makes <= *had {
            return Ok(array(item, *room, *had));
        }
        let adds = makes - had;
        if let Some(all) = trips.room(first, adds, self.options.room)? {
            if makes <= *room {
                return Ok(array(item, *room, *had));
            }
            let room = all.max(makes);
            return Ok(array(item, room, room - adds));
        }
        let had = self.room_for(*had, makes)?;
        let adds = if had < makes { adds } else { 0 };
        Ok(array(item, (had + adds).max(*room), had))
    }
    /// The layout of items: arrays in them that grow and grow get room.
    fn widened_item(&mut self, old: &Layout, new: Layout, round: usize) -> Result<Layout> {
        Ok(match (old, new) {
            (Layout::Record(a), Layout::Record(b)) if a.len() == b.len() => {
                let fields = a.iter().zip(b);
                let fields = fields.map(|(x, y)| self.widened_item(x, y, round));
                Layout::Record(fields.collect::<Result<_>>()?)
            }
            (
                Layout::Array {
                    item: old,
                    most: had,
                    ..
                },
                Layout::Array {
                    item, room, most, ..
                },
            ) => {
                let item = Box::new(self.widened_item(old, *item, round)?);
                let had = *had;
                let most = match most > had && round >= SETTLED {
                    true => self.room_for(had, most)?,
                    false => most,
                };
                Layout::Array {
                    item,
                    room: room.max(most),
                    most,
                    len: None,
                }
            }
            (_, new) => new,
        })
    }
    /// How many items an array may have after an iteration, where it had `had` at most and an iteration makes `makes` of them.
    fn room_for(&mut self, had: u64, makes: u64) -> Result<u64> {
        let given = self.options.room;
        let limit = self.limits.range(makes..).next().copied();
        if let Some(limit) = limit.filter(|&n| given == 0 || n <= LARGE) {
            return Ok(limit);
        }
        if given == 0 {
            return Err(grows(ENDLESS));
        }
        self.may_outgrow(|| grows(ENDLESS))?;
        let mut room = given;
        while room < had {
            room = room.saturating_mul(2);
        }
        // What it was given is kept, and held to.
        if room == had {
            return Ok(had);
        }
        while room < makes {
            room = room.saturating_mul(2);
        }
        Ok(room)
    }
    /// That the program says where an array outgrows its room.
    fn may_outgrow(&mut self, refused: impl FnOnce() -> Unsupported) -> Result<()> {
        if self.options.exact {
            let why = refused();
            return Err(Unsupported {
                help: Help::Room,
                ..why
            });
        }
        if self.trap.is_some() {
            return Ok(());
        }
        self.wants_room = true;
        Err(refused())
    }
    /// An extent that is known only when the program runs as a length, and its bound. Where it has none, there is some room, and the program stops where that is not
    /// enough.
    pub(super) fn length_within(
        &mut self,
        n: &Tensor,
        refused: impl FnOnce() -> Unsupported,
    ) -> Result<(Tensor, u64)> {
        if let Some(bound) = self.bound(n) {
            return Ok((self.as_length(n), bound));
        }
        let room = self.options.room;
        if room == 0 {
            return Err(refused());
        }
        self.may_outgrow(refused)?;
        let mut n = n.clone();
        if n.ty.dtype.is_signed() {
            let zero = self.zeros(n.ty.clone());
            let holds = self.compared("GE", &n, &zero);
            self.check(&holds, out_of_range());
            n = self.bin("maximum", &n, &zero);
        }
        let len = self.as_length(&n);
        let len = self.held(&len, room);
        self.bounds.insert(len.name, room);
        Ok((len, room))
    }
    /// Lengths, of which the program stops where one is more than `most`.
    fn held(&mut self, len: &Tensor, most: u64) -> Tensor {
        let most = self.splat(Scalar::U64(most), len.ty.clone());
        let fits = self.compared("LE", len, &most);
        let axes: Vec<usize> = (0..len.ty.shape.len()).collect();
        let fits = match axes.is_empty() {
            true => fits,
            false => self.fold("and", &fits, &axes, Scalar::Bool(true)),
        };
        let kind = TrapKind::OutOfMemory { bytes: 0 };
        self.stop_unless(&fits, kind, true);
        self.bin("minimum", len, &most)
    }
    /// What an iteration made, with no more items than the loop carries.
    pub(super) fn held_to(
        &mut self,
        s: Sym,
        to: &Layout,
        start: &Layout,
        trips: Trips,
    ) -> Result<Sym> {
        match (s, to, start) {
            (Sym::Record(fields), Layout::Record(to), Layout::Record(start)) => {
                let each = fields.into_iter().zip(to).zip(start);
                let each = each.map(|((s, to), start)| self.held_to(s, to, start, trips));
                Ok(Sym::Record(each.collect::<Result<_>>()?))
            }
            (
                Sym::Array(mut a),
                Layout::Array {
                    item, most: had, ..
                },
                _,
            ) => {
                let adds = a.most.saturating_sub(*had);
                let known = trips.room(most(start), adds, self.options.room)?;
                if adds > 0 && known.is_none() {
                    a.len = self.held(&a.len, *had);
                    a.most = *had;
                }
                a.items = Box::new(self.items_held_to(*a.items, item));
                Ok(Sym::Array(a))
            }
            (s, _, _) => Ok(s),
        }
    }
    fn items_held_to(&mut self, s: Sym, to: &Layout) -> Sym {
        match (s, to) {
            (Sym::Record(fields), Layout::Record(to)) => {
                let each = fields.into_iter().zip(to);
                Sym::Record(each.map(|(s, to)| self.items_held_to(s, to)).collect())
            }
            (Sym::Array(a), Layout::Array { item, most, .. }) => {
                let (len, most) = match a.most > *most {
                    true => (self.held(&a.len, *most), *most),
                    false => (a.len, a.most),
                };
                Sym::Array(Array {
                    items: Box::new(self.items_held_to(*a.items, item)),
                    len,
                    most,
                    room: a.room,
                })
            }
            (s, _) => s,
        }
    }
}
