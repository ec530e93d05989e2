//! The fixed words of the catalogue, the same in the database, in JSON and in files.

store::words! {
    /// What an item is.
    ItemKind: "goods, service, kit" {
        /// Something that can lie on a shelf.
        Goods = "goods",
        /// Something done, never on a shelf.
        Service = "service",
        /// A set of components sold as one, never on a shelf itself.
        Kit = "kit",
    }
}

store::words! {
    /// How finely goods are told apart.
    Tracking: "none, lot, serial" {
        /// Not at all.
        None = "none",
        /// By lot.
        Lot = "lot",
        /// Each piece by its serial number.
        Serial = "serial",
    }
}

store::words! {
    /// What sort of code a barcode is.
    BarcodeKind: "gtin8, gtin12, gtin13, gtin14, internal" {
        /// GTIN-8 (EAN-8).
        Gtin8 = "gtin8",
        /// GTIN-12 (UPC-A).
        Gtin12 = "gtin12",
        /// GTIN-13 (EAN-13).
        Gtin13 = "gtin13",
        /// GTIN-14 (ITF-14), a trade unit of several.
        Gtin14 = "gtin14",
        /// A code of the company's own.
        Internal = "internal",
    }
}
