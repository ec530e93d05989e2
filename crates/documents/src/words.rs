//! The fixed words about documents.

store::words! {
    /// What a document is.
    DocumentType: "order_confirmation, delivery_note, bill, photo_of_damage, photo, count_evidence, certificate, test_report, customs, contract, price_list, data_sheet, label, correspondence, other" {
        /// What a supplier promises.
        OrderConfirmation = "order_confirmation",
        /// What came with goods.
        DeliveryNote = "delivery_note",
        /// What somebody asks us to pay.
        Bill = "bill",
        /// Goods as they were found damaged.
        PhotoOfDamage = "photo_of_damage",
        /// Any other picture.
        Photo = "photo",
        /// Why the books had to follow the shelf.
        CountEvidence = "count_evidence",
        /// What somebody vouches for, as a rule until a day.
        Certificate = "certificate",
        /// What a laboratory or an inspection found.
        TestReport = "test_report",
        /// A paper of customs.
        Customs = "customs",
        /// What was agreed.
        Contract = "contract",
        /// What a supplier asks for its goods.
        PriceList = "price_list",
        /// What an item is.
        DataSheet = "data_sheet",
        /// What is stuck on goods or packages.
        Label = "label",
        /// A letter or a mail.
        Correspondence = "correspondence",
        /// Anything else.
        Other = "other",
    }
}
