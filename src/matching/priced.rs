//! A solution that is not the best, and the prices of one that is: how far it is from it.

/// Prices and a solution, by row of the kernels.
pub(super) struct Priced {
    pub u: Vec<i64>,
    pub v: Vec<i64>,
    pub pairs: Vec<(u32, u32)>,
    pub open: Vec<Option<i64>>,
    /// What the chosen pair of a row costs by the prices, where that is less.
    pub seat: Vec<Option<(u32, i64)>>,
    /// Edges beside those of the tables.
    pub further: Vec<(u32, u32, i64)>,
    /// By how much all costs of the solution are lowered.
    pub loss: i128,
}

impl Priced {
    /// Lowers the costs of the solution to its prices. A candidate with a price who is not placed gets a
    /// place of that cost, which may be left to a further candidate for nothing: so no solution becomes
    /// dearer or impossible.
    pub fn lower<'a>(&mut self, costs: &[i64], name: impl Fn(usize) -> &'a str) -> Result<(), String> {
        let dear = |what: &str| format!("{what} has a price above its cost");
        let mut used = vec![false; self.v.len()];
        let mut filled = vec![false; self.u.len()];
        for (&(row, person), cost) in self.pairs.iter().zip(costs) {
            let (row, person) = (row as usize, person as usize);
            let price = self.u[row].checked_add(self.v[person]).ok_or_else(|| dear(name(person)))?;
            let slack = i128::from(*cost) - i128::from(price);
            if slack < 0 {
                return Err(dear(name(person)));
            }
            self.loss += slack;
            self.seat[row] = Some((person as u32, price));
            (used[person], filled[row]) = (true, true);
        }
        for row in (0..self.u.len()).filter(|row| !filled[*row]) {
            if let Some(open) = self.open[row] {
                let slack = i128::from(open) - i128::from(self.u[row]);
                if slack < 0 {
                    return Err(dear("an open seat"));
                }
                self.loss += slack;
                self.open[row] = Some(self.u[row]);
            }
        }
        for person in (0..used.len()).filter(|person| !used[*person]) {
            let price = self.v[person];
            if price < 0 {
                let (row, other) = (self.u.len() as u32, self.v.len() as u32);
                self.further.extend([(row, person as u32, price), (row, other, 0)]);
                self.pairs.push((row, person as u32));
                self.u.push(0);
                self.v.push(0);
                self.open.push(None);
                self.loss -= i128::from(price);
            }
        }
        Ok(())
    }
}
