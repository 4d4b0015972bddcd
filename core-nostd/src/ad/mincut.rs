//! The cheapest set of vertices that separates goals from origins in a directed graph: Dinic's maximum flow on the graph
//! with every vertex split in two.
//!
//! Of several cheapest sets the one nearest to the goals is found. Everything is iterative, so the size of a program
//! costs no host stack.

use alloc::vec;
use alloc::vec::Vec;

/// More than all capacities together.
const UNBOUNDED: u64 = u64::MAX / 4;

const SOURCE: usize = 0;
const SINK: usize = 1;

/// A graph under construction. Vertices are numbered from 0.
pub(super) struct Graph {
    /// Edges in pairs, each followed by its reverse: `(to, capacity left)`.
    edges: Vec<(usize, u64)>,
    /// The edges that leave each node. Vertex `n` is entered at node `2n + 2` and left at node `2n + 3`.
    leaving: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn new() -> Graph {
        Graph {
            edges: Vec::new(),
            leaving: vec![Vec::new(), Vec::new()],
        }
    }

    /// A new vertex and its number; to cut it costs `cost`.
    pub(super) fn vertex(&mut self, cost: u64) -> usize {
        let n = (self.leaving.len() - 2) / 2;
        self.leaving.extend([Vec::new(), Vec::new()]);
        self.edge(2 * n + 2, 2 * n + 3, cost.min(UNBOUNDED));
        n
    }

    /// An edge between vertices.
    pub(super) fn connect(&mut self, from: usize, to: usize) {
        self.edge(2 * from + 3, 2 * to + 2, UNBOUNDED);
    }

    /// Makes a vertex an origin.
    pub(super) fn origin(&mut self, n: usize) {
        self.edge(SOURCE, 2 * n + 2, UNBOUNDED);
    }

    /// Makes a vertex a goal.
    pub(super) fn goal(&mut self, n: usize) {
        self.edge(2 * n + 3, SINK, UNBOUNDED);
    }

    fn edge(&mut self, from: usize, to: usize, capacity: u64) {
        self.leaving[from].push(self.edges.len());
        self.edges.push((to, capacity));
        self.leaving[to].push(self.edges.len());
        self.edges.push((from, 0));
    }

    /// Which vertices are cut.
    pub(super) fn cut(mut self) -> Vec<bool> {
        while let Some(level) = self.levels() {
            self.augment(level);
        }
        // What the sink is still reached from lies behind the cut.
        let mut behind = vec![false; self.leaving.len()];
        behind[SINK] = true;
        let mut work = vec![SINK];
        while let Some(node) = work.pop() {
            for &e in &self.leaving[node] {
                // The reverse of an edge that leaves `node` enters it.
                let from = self.edges[e].0;
                if self.edges[e ^ 1].1 > 0 && !behind[from] {
                    behind[from] = true;
                    work.push(from);
                }
            }
        }
        (0..(self.leaving.len() - 2) / 2)
            .map(|n| !behind[2 * n + 2] && behind[2 * n + 3])
            .collect()
    }

    /// The distance of each node from the source along edges with capacity left, if the sink can be reached.
    fn levels(&self) -> Option<Vec<usize>> {
        let mut level = vec![usize::MAX; self.leaving.len()];
        level[SOURCE] = 0;
        let mut queue = vec![SOURCE];
        let mut next = 0;
        while let Some(&node) = queue.get(next) {
            next += 1;
            for &e in &self.leaving[node] {
                let (to, left) = self.edges[e];
                if left > 0 && level[to] == usize::MAX {
                    level[to] = level[node] + 1;
                    queue.push(to);
                }
            }
        }
        (level[SINK] != usize::MAX).then_some(level)
    }

    /// Fills every path that goes up the levels.
    fn augment(&mut self, mut level: Vec<usize>) {
        let mut tried = vec![0; self.leaving.len()];
        let mut path: Vec<usize> = Vec::new();
        let mut node = SOURCE;
        loop {
            if node == SINK {
                let least = path.iter().map(|&e| self.edges[e].1).min().unwrap_or(0);
                for &e in &path {
                    self.edges[e].1 -= least;
                    self.edges[e ^ 1].1 += least;
                }
                // Back to before the first edge that is full now.
                let full = path.iter().position(|&e| self.edges[e].1 == 0);
                path.truncate(full.unwrap_or(0));
                node = path.last().map_or(SOURCE, |&e| self.edges[e].0);
                continue;
            }
            if let Some(&e) = self.leaving[node].get(tried[node]) {
                let (to, left) = self.edges[e];
                if left > 0 && level[to] == level[node] + 1 {
                    path.push(e);
                    node = to;
                } else {
                    tried[node] += 1;
                }
                continue;
            }
            // A dead end.
            level[node] = usize::MAX - 1;
            let Some(e) = path.pop() else { return };
            node = self.edges[e ^ 1].0;
            tried[node] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use alloc::vec;

    #[test]
    fn a_product_and_its_factors() {
        // a, b -> c = a b; all three are needed: a and b are stored.
        let mut g = Graph::new();
        let (a, b, c) = (g.vertex(8), g.vertex(8), g.vertex(8));
        g.origin(a);
        g.origin(b);
        g.connect(a, c);
        g.connect(b, c);
        for n in [a, b, c] {
            g.goal(n);
        }
        assert_eq!(g.cut(), vec![true, true, false]);
    }

    #[test]
    fn a_product_alone() {
        let mut g = Graph::new();
        let (a, b, c) = (g.vertex(8), g.vertex(8), g.vertex(8));
        g.origin(a);
        g.origin(b);
        g.connect(a, c);
        g.connect(b, c);
        g.goal(c);
        assert_eq!(g.cut(), vec![false, false, true]);
    }

    #[test]
    fn a_tie_is_cut_near_the_goal() {
        let mut g = Graph::new();
        let (a, b) = (g.vertex(8), g.vertex(8));
        g.origin(a);
        g.connect(a, b);
        g.goal(b);
        assert_eq!(g.cut(), vec![false, true]);
    }

    #[test]
    fn what_needs_no_origin_is_free() {
        let mut g = Graph::new();
        let (a, b) = (g.vertex(1), g.vertex(8));
        g.connect(a, b);
        g.goal(b);
        assert_eq!(g.cut(), vec![false, false]);
    }

    #[test]
    fn one_narrow_and_many_wide() {
        // A narrow value from which several wide ones follow.
        let mut g = Graph::new();
        let narrow = g.vertex(1);
        g.origin(narrow);
        for _ in 0..100 {
            let wide = g.vertex(8);
            g.connect(narrow, wide);
            g.goal(wide);
        }
        let cut = g.cut();
        assert!(cut[0] && cut[1..].iter().all(|c| !c));
    }
}
