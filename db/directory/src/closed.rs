//! Closed lists: enums whose members have one fixed name in files, columns and JSON.

/// Declares an enum with a fixed identifier a member: `ALL`, `id()`, `from_id()`, serde by identifier.
#[macro_export]
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($(#[$member_meta:meta])* $member:ident = $id:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$member_meta])* #[serde(rename = $id)] $member),+
        }

        impl $name {
            /// Every member, in the list's order.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// The identifier used in files, columns and JSON.
            pub fn id(self) -> &'static str {
                match self { $(Self::$member => $id),+ }
            }

            /// The member with this identifier.
            pub fn from_id(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$member),)+ _ => None }
            }
        }
    };
}

pub(crate) use closed_list;
