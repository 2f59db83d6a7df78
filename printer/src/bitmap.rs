//! Black dots on paper, packed as printers take them: eight a byte, the leftmost in the highest bit.

/// A picture of black dots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bitmap {
    width: u16,
    height: u16,
    bytes: Vec<u8>,
}

impl Bitmap {
    /// Paper without a dot.
    pub fn new(width: u16, height: u16) -> Self {
        Self { width, height, bytes: vec![0; usize::from(width.div_ceil(8)) * usize::from(height)] }
    }

    /// Width in dots.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Height in dots.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> usize {
        usize::from(self.width.div_ceil(8))
    }

    /// All rows, packed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether there is a dot; none outside.
    pub fn get(&self, x: u16, y: u16) -> bool {
        x < self.width && self.bytes.get(self.place(x, y)).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Puts a dot; outside nothing happens.
    pub fn set(&mut self, x: u16, y: u16) {
        let place = self.place(x, y);
        if x < self.width
            && let Some(byte) = self.bytes.get_mut(place)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Puts another picture's dots on this one.
    pub fn put(&mut self, other: &Self, left: u16, top: u16) {
        for y in 0..other.height {
            for x in (0..other.width).filter(|x| other.get(*x, y)) {
                self.set(left.saturating_add(x), top.saturating_add(y));
            }
        }
    }

    /// How many dots are black.
    pub fn black(&self) -> usize {
        self.bytes.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// Makes it that high, with empty rows below.
    pub fn grow(&mut self, height: u16) {
        self.height = self.height.max(height);
        self.bytes.resize(self.row_bytes() * usize::from(self.height), 0);
    }

    fn place(&self, x: u16, y: u16) -> usize {
        usize::from(y) * self.row_bytes() + usize::from(x / 8)
    }
}
