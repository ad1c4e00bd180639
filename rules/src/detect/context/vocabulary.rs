//! The words, by topic.

use super::Topics;

macro_rules! topics {
    ($($(#[$about:meta])* $name:ident = $bit:literal: &[$($word:literal),* $(,)?];)*) => {
        $($(#[$about])* pub(crate) const $name: Topics = Topics::number($bit);)*
        /// Each topic's words: lower case; a space stands for any few separators or none; one of
        /// five letters or more matches the words that begin with it, unless a space ends it. One text for each, a word a
        /// line: an address for each word would have to be moved at each start.
        pub(super) const VOCABULARY: &[(Topics, &str)] =
            &[$(($name, concat!($($word, "\n"),*)),)*];
    };
}

topics! {
    /// Payment cards.
    CARD = 0: &[
        "card", "carte", "cartão", "carta", "karte", "kreditkarte", "kreditkort", "tarjeta", "credit", "debit", "visa",
        "mastercard", "maestro", "amex", "american express", "discover", "diners", "jcb", "unionpay", "rupay", "cvv",
        "cvc", "pan", "payment", "cc", "kaart", "карта", "карты", "カード", "卡",
    ];
    /// Telephones, said outright.
    PHONE = 1: &[
        "phone", "telephone", "tel", "telefon", "teléfono", "telefono", "telefone", "téléphone", "telefoon", "mobile",
        "mobil", "móvil", "celular", "cellulare", "cellulaire", "celphone", "cell", "handy", "fax", "call me", "call us", "call",
        "called", "calling", "dial", "dialed", "dialled", "hotline", "landline", "whatsapp", "sms", "texted", "text me",
        "ring me", "ring", "portable", "numéro de tél", "rufnummer", "ruf mich an", "voicemail", "toll free", "phone number",
        "desk",  "signal", "viber", "msisdn", "telegram", "fon", "ph no", "rappelle", "answering at", "not answering", "reach me at", "reach me on", "message on", "messages to", "messages on", "my number is", "appelle", "llama", "llame",
        "llámame", "ligar", "liga", "chiama", "chiamami", "puhelin", "puh", "tlf", "telefonnummer", "電話", "携帯", "电话", "手机",
        "전화", "телефон", "फोन", "फ़ोन", "هاتف",
        "phone no ", "mobile no ", "ph:", "mob:", "my no ", "my num ", "txt me ", "hmu", "msg me ", "wa:", "my wa ", "nomor wa", "cel:",
        "mi cel ", "meu cel ", "márcame", "marcame", "movil", "telf", "tfno", "telemóvel", "telemovel", "meu zap ", "zap:", "whats:",
        "meu whats", "scrivimi", "anrufen", "ruf an", "bel me ", "bel mij ", "mobiel", "soita", "zadzwoń", "zadzwon", "komórk",
        "mój numer", "numaram", "cep:", "cep tel", "no hp ", "nomor hp", "telp", "sđt", "điện thoại", "тел", "моб", "мой номер",
        "позвони", "звони", "연락처", "連絡先", "联系方式", "联系电话", "โทร", "เบอร์", "جوال", "موبايل", "رقمي", "اتصل", "واتساب",
        "טלפון", "נייד", "τηλ", "τηλέφωνο", "κινητό", "मोबाइल", "व्हाट्सएप",
    ];
    /// What may go with a telephone number and with others.
    REACH = 2: &[
        "contact", "reach", "answer", "number", "message", "messages", "registered", "hotel", "support", "helpdesk",
        "extension", "ext", "text", "nummer", "número", "numéro", "numero", "contacter", "kontakt",
        "ph", "mob", "num", "txt", "cel", "gsm", "numer", "номер", "번호", "番号", "号码", "नंबर",
    ];
    /// What numbers other than personal ones are called by.
    REFERENCE = 3: &[
        "order", "invoice", "ticket", "tracking", "reference", "ref", "sku", "isbn", "issn", "part", "serial", "model",
        "version", "build", "release", "section", "chapter", "page", "case", "booking", "article", "item", "bestellung",
        "bestellnummer", "rechnung", "rechnungsnummer", "artikel", "commande", "facture", "pedido", "factura", "fatura", "ordine", "fattura",
        "bestelling", "factuur", "encomenda", "upc", "ean", "gtin", "batch", "lot", "commit", "revision", "po", "rfc", "parcel",
        "shipment", "product", "produkt", "timestamp", "transaction", "request", "sequence", "port", "score", "population",
        "raffle", "combo", "locker",
    ];
    /// What numbers that are not a telephone's are called by.
    OTHER_NUMBER = 57: &[
        "account", "acct", "id", "policy", "confirmation", "member number", "member no", "membership",
        "customer number", "customer no", "student", "student number", "employee number", "barcode", "dhl number",
        "fedex number", "ups number", "usps number", "claim", "case number", "meeting id", "pnr", "zip", "kontonummer",
        "kundennummer", "mitgliedsnummer", "matrikelnummer", "call sign ", "lotto", "lottery", "winning",
    ];
    /// What is said before an amount of something, and what it is of.
    AMOUNT = 58: &[
        "has", "have", "had", "cost", "took", "take", "worth", "paid", "spent", "earn", "usd", "eur", "gbp", "inr", "idr", "krw", "jpy",
        "cny", "brl", "mxn", "aud", "chf", "rs", "kr", "won", "yen", "euro", "dollar", "rupee", "rupiah", "peso", "pound", "lakh", "crore",
        "million", "percent", "ms", "sec", "seconds", "minutes", "hours", "days", "weeks", "months", "years", "people", "users", "follower",
        "subscriber", "views", "likes", "times", "points", "photo", "foto", "picture", "video", "download", "bytes", "kb", "mb",
        "gb", "km", "meter", "metre", "miles", "steps", "lines", "records", "members", "customers",
    ];
    /// Devices in a network, where they are told by their hardware.
    HARDWARE = 59: &["mac", "bssid", "ethernet", "hwaddr", "wlan", "wifi", "adapter"];
    /// What versions are called by.
    VERSION = 4: &[
        "v", "ver", "version", "versions", "release", "released", "build", "section", "chapter", "firmware", "patch", "update", "upgrade",
        "upgraded", "sdk", "clause", "paragraph", "sec", "revision", "rev", "figure", "appendix", "kernel", "driver",
        "abschnitt", "kapitel", "versión", "versione", "versão", "api", "python", "java", "node", "chrome", "firefox", "safari", "schema", "ios", "i os", "android", "macos", "mac os",
        "ffmpeg", "art", "bios",
    ];
    /// Internet addresses.
    ADDRESS = 5: &[
        "ip", "ipv", "ips", "address", "addr", "host", "server", "subnet", "network", "gateway", "router", "loopback", "unspecified",
        "dns", "ping", "client", "remote", "peer", "localhost", "firewall", "cidr", "route", "adresse", "dirección",
    ];
    /// Bank accounts.
    BANK = 6: &[
        "iban", "account", "konto", "kontonummer", "compte", "cuenta", "conta", "conto", "bank", "banque", "banco", "banca", "bic", "swift", "rekening",
        "wire", "transfer", "überweisung", "virement",
    ];
    /// Passports.
    PASSPORT = 7: &[
        "passport", "passeport", "pasaporte", "passaporte", "passaporto", "reisepass", "paspoort", "travel document", "pass no", "passnummer", "pass nr",
    ];
    /// Social security numbers of the United States.
    US_SSN = 8: &["ssn", "ssns", "socials", "social security", "social sec", "soc sec", "social #", "ss#", "ss number", "ss no", "ss:", "s s n", "seguro social", "social:", "social number", "social no", "my social", "your social", "social is"];
    /// Taxpayer numbers of the United States.
    US_ITIN = 9: &["itin", "taxpayer", "tax id", "tax identification", "tin", "ein", "irs", "w 7"];
    /// Providers of health care in the United States.
    US_NPI = 10: &["npi", "national provider", "provider", "prescriber", "taxonomy", "cms", "nppes"];
    /// Driving licences.
    DRIVER_LICENSE = 11: &["driver s licen", "driver licen", "driving licen", "driver id", "driver no", "driver number", "dl", "dl#", "dln", "license number", "licence number", "license no", "dmv", "license:", "licence:", "license #", "licence #", "license is", "licence is", "license id", "my license", "my licence", "your license", "your licence", "lic", "führerschein", "permis de conduire"];
    /// National insurance numbers of the United Kingdom.
    GB_NINO = 12: &["nino", "national insurance", "ni number", "ni no", "nin", "hmrc"];
    /// Numbers of the National Health Service.
    GB_NHS = 13: &["nhs", "national health", "health service", "patient", "health"];
    /// Personal public service numbers of Ireland.
    IE_PPS = 14: &["pps", "ppsn", "personal public service", "rsi"];
    /// Social insurance numbers of Canada.
    CA_SIN = 15: &["sin", "sins", "social insurance", "nas", "assurance sociale", "numéro d assurance", "canada revenue", "cra"];
    /// Tax file numbers of Australia.
    AU_TFN = 16: &["tfn", "tax file", "tax number", "ato"];
    /// Business numbers of Australia.
    AU_ABN = 17: &["abn", "australian business", "business number"];
    /// Company numbers of Australia.
    AU_ACN = 18: &["acn", "australian company", "company number", "asic", "a c n"];
    /// Medicare cards of Australia.
    AU_MEDICARE = 19: &["medicare"];
    /// Aadhaar numbers.
    IN_AADHAAR = 20: &["aadhaar", "aadhar", "adhaar", "adhar", "uidai", "uid", "आधार"];
    /// Permanent account numbers of India.
    IN_PAN = 21: &["pan", "pan card", "permanent account", "income tax"];
    /// Goods and services tax numbers of India.
    IN_GSTIN = 22: &["gstin", "gst", "gst registration", "goods and services"];
    /// Identity numbers of Singapore.
    SG_NRIC = 23: &["nric", "fin", "singpass", "identity card", "ic number", "ic no"];
    /// Tax numbers of Spain.
    ES_NIF = 24: &["nif", "n i f", "dni", "d n i", "documento nacional"];
    /// Foreigners' numbers in Spain.
    ES_NIE = 25: &["nie", "n i e", "extranjero", "identificación de extranjero"];
    /// Tax numbers of Portugal.
    PT_NIF = 26: &["nif", "n i f", "nipc", "contribuinte", "finanças", "identificação fiscal"];
    /// Fiscal codes of Italy.
    IT_FISCAL_CODE = 27: &["codice fiscale", "cod fisc", "fiscal code", "cf"];
    /// VAT numbers of Italy.
    IT_VAT = 28: &["partita iva", "p iva", "piva", "p i", "iva", "vat"];
    /// Social security numbers of France.
    FR_NIR = 29: &["nir", "insee", "sécurité sociale", "securite sociale", "carte vitale", "sécu", "numéro de sécu"];
    /// Tax numbers of Germany.
    DE_TAX_ID = 30: &["steuer id", "steuerid", "steueridentifikationsnummer", "steuerliche identifikationsnummer", "identifikationsnummer", "steuernummer", "idnr", "id nr", "st id", "tin", "tax id", "idnummer", "tax number", "tax identification"];
    /// German passports.
    PASSPORT_DE = 31: &["passport", "reisepass", "passnummer", "pass nr", "pass no", "seriennummer", "ausweisnummer", "personalausweis", "ausweis", "perso nr", "perso"];
    /// Citizen service numbers of the Netherlands.
    NL_BSN = 32: &["bsn", "burgerservicenummer", "sofinummer", "sofi", "citizen service"];
    /// Register numbers of Belgium.
    BE_NATIONAL_NUMBER = 33: &["rijksregisternummer", "rijksregister", "insz", "niss", "numéro national", "registre national", "nationaal nummer", "national number", "national register"];
    /// Personal numbers of Sweden.
    SE_PERSONAL_NUMBER = 34: &["personnummer", "pnr", "personnr", "pers nr", "samordningsnummer", "personal number", "personal identity"];
    /// Personal codes of Finland.
    FI_HETU = 35: &["hetu", "henkilötunnus", "henkilotunnus", "personbeteckning", "personal identity"];
    /// Birth numbers of Norway.
    NO_NATIONAL_ID = 36: &["fødselsnummer", "fodselsnummer", "fnr", "d nummer", "personnummer", "birth number"];
    /// Civil registration numbers of Denmark.
    DK_CPR = 37: &["cpr", "cpr nr", "personnummer", "civil registration"];
    /// PESEL numbers.
    PL_PESEL = 38: &["pesel"];
    /// Taxpayer numbers of Brazil.
    BR_CPF = 39: &["cpf", "c p f", "cadastro de pessoa"];
    /// Company numbers of Brazil.
    BR_CNPJ = 40: &["cnpj", "c n p j", "cadastro nacional"];
    /// Population codes of Mexico.
    MX_CURP = 41: &["curp", "clave única"];
    /// Identity numbers of Chile.
    CL_RUT = 42: &["rut", "r u t", "run", "rol único", "cédula"];
    /// Tax numbers of Argentina.
    AR_CUIT = 43: &["cuit", "cuil", "cdi", "c u i t", "c u i l"];
    /// Resident numbers of Korea.
    KR_RRN = 44: &["rrn", "resident registration", "주민등록번호", "주민번호", "주민"];
    /// Individual numbers of Japan.
    JP_MY_NUMBER = 45: &["my number", "mynumber", "individual number", "マイナンバー", "個人番号"];
    /// Identity numbers of China.
    CN_RESIDENT_ID = 46: &["resident identity", "resident id", "shenfenzheng", "身份证", "公民身份", "身份證"];
    /// Identity numbers of Taiwan.
    TW_NATIONAL_ID = 47: &["national id", "identity card", "身分證", "身份證", "統一編號"];
    /// Identity numbers of Thailand.
    TH_NATIONAL_ID = 48: &["thai id", "thai national", "national id", "tnin", "citizen id", "personal id", "tax id", "บัตรประชาชน", "ประจำตัวประชาชน"];
    /// Identity numbers of South Africa.
    ZA_ID = 49: &["id number", "id no", "identity number", "sa id", "rsa id", "said", "south african id", "national id", "refugee"];
    /// Identity numbers of Turkey.
    TR_NATIONAL_ID = 50: &["tckn", "tc", "t c", "tc kimlik", "t c kimlik", "kimlik", "kimlik numarası", "turkish id", "turkish national", "national id", "tc no"];
    /// Identity numbers of Israel.
    IL_ID = 51: &["teudat zehut", "teudat", "mispar zehut", "israeli id", "id number", "id no", "identity number", "national id", "ת ז", "זהות", "הזהות"];
    /// Routing numbers of American banks.
    ROUTING = 52: &["routing", "aba", "rtn", "routing transit", "bank routing", "ach", "wire", "fedwire", "bank", "account"];
    /// Wallets of cryptocurrencies.
    CRYPTO = 53: &["wallet", "bitcoin", "btc", "ethereum", "eth", "crypto", "litecoin", "ltc", "dogecoin", "doge", "tron", "usdt", "xrp", "ripple", "bch", "usdc", "erc"];
    /// Telephones as devices.
    DEVICE = 54: &["imei", "imeisv", "handset", "device", "phone id", "serial", "meid", "tac", "mobile equipment", "smartphone"];
    /// Vehicles.
    VEHICLE = 55: &["vin", "vehicle", "chassis", "châssis", "chassi", "chasis", "bastidor", "telaio", "кузова", "car", "fahrgestell", "fin nummer", "fin nr", "fin:", "fahrzeug", "vehicle identification", "fahrzeugidentifikationsnummer", "truck"];
    /// Births.
    BIRTH = 56: &["born", "birth", "birthday", "birthdate", "dob", "d o b", "date of birth", "bday", "b day", "geboren", "geboortedatum", "geburtsdatum", "geburtstag", "geb", "naissance", "né le", "née le", "né", "née", "anniversaire", "nacimiento", "nací", "nació", "nacido", "nacida", "cumpleaños", "nascita", "nato il", "nata il", "nata", "nascimento", "nasci", "nasceu", "nascido", "nascida", "aniversário", "född", "fødselsdato", "født", "fødd", "syntymäaika", "urodzony", "urodzona", "urodzenia", "生年月日", "出生", "生日", "誕生日", "생년월일", "생일", "рождения", "родился", "родилась",
        "nato a ", "syntynyt", "ur.", "д.р", "др:", "nac.", "nasc"];
}
