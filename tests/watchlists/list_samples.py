"""Small invented list files in the publishers' layouts."""

from collections.abc import Iterable
from pathlib import Path

CRLF = "\r\n"
NULL = "-0- "


def sdn_row(
    number: int,
    name: str,
    *,
    kind: str = "",
    program: str = "RUSSIA-EO14024",
    remarks: str = "",
) -> str:
    cells = [str(number), f'"{name}"', f'"{kind}"' if kind else NULL, f'"{program}"']
    cells += [NULL] * 7 + [f'"{remarks}"' if remarks else NULL]
    return ",".join(cells) + CRLF


def alt_row(number: int, alias_number: int, kind: str, name: str) -> str:
    return f'{number},{alias_number},"{kind}","{name}",{NULL}{CRLF}'


def add_row(number: int, address_number: int, address: str, town: str, country: str) -> str:
    cells = [f'"{cell}"' if cell else NULL for cell in (address, town, country)]
    return f"{number},{address_number},{','.join(cells)},{NULL}{CRLF}"


def sdn_file(rows: Iterable[str]) -> bytes:
    return ("".join(rows) + "\x1a").encode("cp1252")


def plain_sdn(count: int, *, first: int = 1) -> bytes:
    """A list of invented firms."""
    return sdn_file(
        sdn_row(number, f"POLAR ENGINE WORKS {number}") for number in range(first, first + count)
    )


def write(folder: Path, **files: bytes) -> Path:
    """Write files named `sdn_csv=...` as `sdn.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_bytes(data)
    return folder


EU_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-05-03T10:00:00.000+02:00">
<sanctionEntity designationDate="" euReferenceNumber="EU.1.1" logicalId="13">
<regulation publicationDate="2023-01-01" numberTitle="2023/1 (OJ L1)" programme="UKR"/>
<regulation publicationDate="2022-02-25" numberTitle="269/2014 (OJ L2)" programme="UKR"/>
<subjectType code="enterprise" classificationCode="E"/>
<nameAlias wholeName="Polar Bank" strong="true"/>
<nameAlias wholeName="Polyarny Bank" strong="true"/>
<nameAlias wholeName="PB" strong="false"/>
<identification number="POLARUMM" countryIso2Code="00" identificationTypeCode="swiftbic"/>
<identification number="1027739609391" countryIso2Code="RU" identificationTypeCode="regnumber"/>
<address city="Moscow" street="1 Ice St." zipCode="101000" countryIso2Code="RU"/>
</sanctionEntity>
<sanctionEntity euReferenceNumber="EU.2.2" logicalId="14">
<regulation publicationDate="2022-03-01" numberTitle="269/2014" programme="UKR"/>
<subjectType code="person" classificationCode="P"/>
<nameAlias wholeName="Ivan Snegov" strong="true"/>
<birthdate birthdate="1961-02-03" year="1961"/><birthdate year="1962"/>
<citizenship countryIso2Code="RU"/>
</sanctionEntity>
</export>
"""

_EU_COLUMNS = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;"
    "Entity_SubjectType_ClassificationCode;Entity_Regulation_PublicationDate;"
    "Entity_Regulation_NumberTitle;Entity_Regulation_Programme;NameAlias_WholeName;"
    "NameAlias_Strong;Address_City;Address_Street;Address_Region;Address_ZipCode;"
    "Address_CountryIso2Code;BirthDate_BirthDate;BirthDate_Year;Identification_Number;"
    "Identification_TypeCode;Identification_CountryIso2Code;Citizenship_CountryIso2Code"
)


def _eu_row(number: str, kind: str, **cells: str) -> str:
    fixed = {
        "fileGenerationDate": "2024-05-03",
        "Entity_LogicalId": number,
        "Entity_SubjectType": kind,
        "Entity_SubjectType_ClassificationCode": kind,
        "Entity_Regulation_Programme": "UKR",
    }
    return ";".join((fixed | cells).get(column, "") for column in _EU_COLUMNS.split(";"))


EU_CSV = "\r\n".join(
    [
        _EU_COLUMNS,
        _eu_row(
            "13",
            "E",
            NameAlias_WholeName="Polar Bank",
            Entity_Regulation_PublicationDate="2022-02-25",
        ),
        _eu_row("13", "E", NameAlias_WholeName="Polyarny Bank"),
        _eu_row("13", "E", NameAlias_WholeName="PB", NameAlias_Strong="false"),
        _eu_row(
            "13",
            "E",
            Identification_Number="POLARUMM",
            Identification_TypeCode="swiftbic",
            Identification_CountryIso2Code="00",
        ),
        _eu_row(
            "13",
            "E",
            Identification_Number="1027739609391",
            Identification_TypeCode="regnumber",
            Identification_CountryIso2Code="RU",
        ),
        _eu_row(
            "13",
            "E",
            Address_City="Moscow",
            Address_Street="1 Ice St.",
            Address_ZipCode="101000",
            Address_CountryIso2Code="RU",
        ),
        _eu_row("14", "P", NameAlias_WholeName="Ivan Snegov", BirthDate_BirthDate="1961-02-03"),
        _eu_row("14", "P", BirthDate_Year="1962"),
        _eu_row("14", "P", Citizenship_CountryIso2Code="RU"),
        "",
    ]
).encode()

_UK_COLUMNS = (
    "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,"
    "Alias strength,Regime Name,Designation Type (Individual/Entity/Ship),Other Information,"
    "Address Line 1,Address Line 2,Address Postal Code,Address Country,Date Designated,D.O.B,"
    "Nationality(/ies),Passport number,Business registration number (s)"
)
_CON_COLUMNS = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,DOB,Nationality,Passport Number,Address 1,"
    "Address 2,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,"
    "Regime,Listed On,Group ID"
)
_NUMBERS = "SWIFT/BIC: POLARUMM. INN: 7702070139. OGRN: 1027739609391"


def _uk_rows(columns: str, names: dict[str, str], first: str) -> bytes:
    firm = {
        "key": "RUS0001",
        "kind": "Entity",
        "regime": "Russia",
        "listed": "24/02/2022",
        "line 1": "1 Ice St.",
        "line 2": "Moscow",
        "post": "101000",
        "country": "Russia",
        "numbers": _NUMBERS,
    }
    person = {"key": "RUS0002", "kind": "Individual", "Name 1": "Ivan", "Name 2": "Petrovich"}
    person |= {"Name 6": "SNEGOV", "type": "Primary name", "nation": "Russia", "passport": "123456"}
    rows = [
        firm | {"Name 6": "POLAR BANK JSC", "type": "Primary name"},
        firm | {"Name 6": "POLYARNY BANK", "type": "AKA", "strength": "Good quality"},
        firm | {"Name 6": "PB", "type": "AKA", "strength": "Low quality"},
        person | {"birth": "03/02/1961"},
        person | {"birth": "dd/mm/1962"},
    ]
    lines = [first, columns]
    for row in rows:
        by_column = {names.get(key, key): value for key, value in row.items()}
        lines.append(",".join(f'"{by_column.get(c, "")}"' for c in columns.split(",")))
    return ("\r\n".join(lines) + "\r\n").encode()


UK_CSV = _uk_rows(
    _UK_COLUMNS,
    {
        "key": "Unique ID",
        "kind": "Designation Type (Individual/Entity/Ship)",
        "regime": "Regime Name",
        "listed": "Date Designated",
        "line 1": "Address Line 1",
        "line 2": "Address Line 2",
        "post": "Address Postal Code",
        "country": "Address Country",
        "numbers": "Business registration number (s)",
        "type": "Name type",
        "strength": "Alias strength",
        "nation": "Nationality(/ies)",
        "passport": "Passport number",
        "birth": "D.O.B",
    },
    "Report Date: 28-Jan-2026",
)
CON_CSV = _uk_rows(
    _CON_COLUMNS,
    {
        "key": "Group ID",
        "kind": "Group Type",
        "regime": "Regime",
        "listed": "Listed On",
        "line 1": "Address 1",
        "line 2": "Address 2",
        "post": "Post/Zip Code",
        "country": "Country",
        "numbers": "Other Information",
        "type": "Alias Type",
        "strength": "Alias Quality",
        "nation": "Nationality",
        "passport": "Passport Number",
        "birth": "DOB",
    },
    "Last Updated,28/01/2026",
)

SDN_XML = b"""<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
<publshInformation><Publish_Date>05/03/2024</Publish_Date><Record_Count>3</Record_Count>
</publshInformation>
<sdnEntry><uid>7</uid><lastName>POLAR BANK</lastName><sdnType>Entity</sdnType>
<programList><program>RUSSIA-EO14024</program></programList>
<idList><id><uid>1</uid><idType>SWIFT/BIC</idType><idNumber>POLARUMM</idNumber></id>
<id><uid>2</uid><idType>Tax ID No.</idType><idNumber>7702070139</idNumber>
<idCountry>Russia</idCountry></id>
<id><uid>3</uid><idType>Secondary sanctions risk:</idType>
<idNumber>See Section 11 of Executive Order 14024.</idNumber></id></idList>
<akaList><aka><uid>1</uid><type>a.k.a.</type><category>strong</category>
<lastName>POLYARNY BANK</lastName></aka>
<aka><uid>2</uid><type>f.k.a.</type><category>strong</category><lastName>OLD BANK</lastName></aka>
<aka><uid>3</uid><type>a.k.a.</type><category>weak</category><lastName>PB</lastName></aka></akaList>
<addressList><address><uid>1</uid><address1>1 Ice St.</address1><city>Moscow</city>
<postalCode>101000</postalCode><country>Russia</country></address></addressList></sdnEntry>
<sdnEntry><uid>8</uid><firstName>Ivan</firstName><lastName>SNEGOV</lastName>
<sdnType>Individual</sdnType><programList><program>RUSSIA-EO14024</program></programList>
<idList><id><uid>4</uid><idType>Passport</idType><idNumber>123456</idNumber>
<idCountry>Russia</idCountry></id></idList>
<nationalityList><nationality><uid>1</uid><country>Russia</country></nationality></nationalityList>
<dateOfBirthList><dateOfBirthItem><uid>1</uid><dateOfBirth>03 Feb 1961</dateOfBirth>
<mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList></sdnEntry>
<sdnEntry><uid>9</uid><lastName>POLAR STAR</lastName><sdnType>Vessel</sdnType>
<programList><program>RUSSIA-EO14024</program></programList>
<idList><id><uid>5</uid><idType>Vessel Registration Identification</idType>
<idNumber>IMO 9074729</idNumber></id></idList>
<vesselInfo><callSign>ABCD</callSign><vesselFlag>Panama</vesselFlag></vesselInfo></sdnEntry>
</sdnList>
"""


def _advanced_name(
    values: str, *, kind: int = 1400, primary: bool = False, low: bool = False
) -> str:
    flags = f'Primary="{str(primary).lower()}" LowQuality="{str(low).lower()}"'
    return f'<Alias AliasTypeID="{kind}" {flags}><DocumentedName>{values}</DocumentedName></Alias>'


def _part(group: int, text: str) -> str:
    return (
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="{group}">{text}'
        "</NamePartValue></DocumentedNamePart>"
    )


def _groups(**kinds: int) -> str:
    inner = "".join(
        f'<MasterNamePartGroup><NamePartGroup ID="{name[1:]}" NamePartTypeID="{kind}"/>'
        "</MasterNamePartGroup>"
        for name, kind in kinds.items()
    )
    return f"<NamePartGroups>{inner}</NamePartGroups>"


def _day(year: int, month: int, day: int) -> str:
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>"


def _listing(profile: int) -> str:
    return (
        f'<SanctionsEntry ID="{profile}" ProfileID="{profile}" ListID="1550">'
        f'<EntryEvent EntryEventTypeID="1" LegalBasisID="1"><Date>{_day(2022, 2, 24)}</Date>'
        '</EntryEvent><SanctionsMeasure SanctionsTypeID="1"><Comment>RUSSIA-EO14024</Comment>'
        "</SanctionsMeasure></SanctionsEntry>"
    )


SDN_ADVANCED_XML = f"""<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0" Version="1">
<DateOfIssue CalendarTypeID="1">{_day(2024, 5, 3)}</DateOfIssue>
<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1403">Name</AliasType><AliasType ID="1400">A.K.A.</AliasType>
<AliasType ID="1401">F.K.A.</AliasType></AliasTypeValues>
<CountryValues><Country ID="11" ISO2="RU">Russia</Country><Country ID="12">Panama</Country>
</CountryValues>
<DetailReferenceValues><DetailReference ID="50">See Section 11 of Executive Order 14024.
</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType>
<FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="25">Location</FeatureType>
<FeatureType ID="13">SWIFT/BIC</FeatureType><FeatureType ID="3">Vessel Flag</FeatureType>
<FeatureType ID="504">Secondary sanctions risk:</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType>
<IDRegDocType ID="1596">Tax ID No.</IDRegDocType>
<IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType></IDRegDocTypeValues>
<LegalBasisValues><LegalBasis ID="1" LegalBasisShortRef="Executive Order 14024">E.O.</LegalBasis>
</LegalBasisValues>
<LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType>
<LocPartType ID="1454">CITY</LocPartType><LocPartType ID="1456">POSTAL CODE</LocPartType>
</LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType>
<NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1525">Entity Name</NamePartType>
<NamePartType ID="1526">Vessel Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
<PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
<PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType>
<PartyType ID="4">Transport</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="15004">Owned or Controlled By</RelationType>
<RelationType ID="15001">Acting for or on behalf of</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
</ReferenceValueSets>
<Locations><Location ID="25"><LocationCountry CountryID="11"/>
<LocationPart LocPartTypeID="1451"><LocationPartValue><Value>1 Ice St.</Value>
</LocationPartValue></LocationPart>
<LocationPart LocPartTypeID="1454"><LocationPartValue><Value>Moscow</Value></LocationPartValue>
</LocationPart><LocationPart LocPartTypeID="1456"><LocationPartValue><Value>101000</Value>
</LocationPartValue></LocationPart></Location>
<Location ID="26"><LocationCountry CountryID="11"/></Location>
<Location ID="27"><LocationCountry CountryID="12"/></Location></Locations>
<IDRegDocuments>
<IDRegDocument ID="1" IDRegDocTypeID="1596" IdentityID="107" IssuedBy-CountryID="11">
<IDRegistrationNo>7702070139</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="2" IDRegDocTypeID="1571" IdentityID="108" IssuedBy-CountryID="11">
<IDRegistrationNo>123456</IDRegistrationNo></IDRegDocument>
<IDRegDocument ID="3" IDRegDocTypeID="1626" IdentityID="109">
<IDRegistrationNo>IMO 9074729</IDRegistrationNo></IDRegDocument></IDRegDocuments>
<DistinctParties>
<DistinctParty FixedRef="7"><Profile ID="7" PartySubTypeID="3"><Identity ID="107" False="false">
{_advanced_name(_part(1, "POLAR BANK"), kind=1403, primary=True)}
{_advanced_name(_part(1, "POLYARNY BANK"))}{_advanced_name(_part(1, "OLD BANK"), kind=1401)}
{_advanced_name(_part(1, "PB"), low=True)}{_groups(g1=1525)}</Identity>
<Feature FeatureTypeID="13"><FeatureVersion><VersionDetail>POLARUMM</VersionDetail>
</FeatureVersion></Feature>
<Feature FeatureTypeID="25"><FeatureVersion><VersionLocation LocationID="25"/></FeatureVersion>
</Feature><Feature FeatureTypeID="504"><FeatureVersion><VersionDetail DetailReferenceID="50"/>
</FeatureVersion></Feature></Profile></DistinctParty>
<DistinctParty FixedRef="8"><Profile ID="8" PartySubTypeID="4"><Identity ID="108" False="false">
{_advanced_name(_part(2, "SNEGOV") + _part(3, "Ivan"), kind=1403, primary=True)}
{_groups(g2=1520, g3=1521)}</Identity>
<Feature FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From>{_day(1961, 2, 3)}</From>
<To>{_day(1961, 2, 3)}</To></Start><End><From>{_day(1961, 2, 3)}</From><To>{_day(1961, 2, 3)}</To>
</End></DatePeriod></FeatureVersion></Feature>
<Feature FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="26"/></FeatureVersion>
</Feature></Profile></DistinctParty>
<DistinctParty FixedRef="9"><Profile ID="9" PartySubTypeID="1"><Identity ID="109" False="false">
{_advanced_name(_part(4, "POLAR STAR"), kind=1403, primary=True)}{_groups(g4=1526)}</Identity>
<Feature FeatureTypeID="3"><FeatureVersion><VersionLocation LocationID="27"/></FeatureVersion>
</Feature></Profile></DistinctParty>
</DistinctParties>
<ProfileRelationships>
<ProfileRelationship ID="1" From-ProfileID="9" To-ProfileID="7" RelationTypeID="15004"
 Former="false"><Comment>51.5 percent</Comment></ProfileRelationship>
<ProfileRelationship ID="2" From-ProfileID="9" To-ProfileID="8" RelationTypeID="15001"
 Former="false"/>
</ProfileRelationships>
<SanctionsEntries>{_listing(7)}{_listing(8)}{_listing(9)}</SanctionsEntries>
</Sanctions>
""".encode()

TARGETS_CSV = (
    b'"id","schema","name","aliases","birth_date","countries","addresses","identifiers",'
    b'"sanctions","phones","emails","program_ids","dataset","first_seen","last_seen","last_change"\n'
    b'"os-1","Company","Polar Bank","""Bank; Polar""","","ru","1 Ice St.","7702070139;POLARUMM",'
    b'"Blocked","","","US-RUSSIA-EO14024","US OFAC SDN","2022-02-24","2024-05-03","2024-05-03"\n'
    b'"os-2","Person","Ivan Snegov","","1961-02-03","ru","","","","","","","x","","","2024-05-01"\n'
)

FTM_LINES = b"""\
{"id":"os-bank","caption":"Polar Bank","schema":"Company","properties":{"name":["Polar Bank"],\
"country":["ru"],"swiftBic":["POLARUMM"],"topics":["sanction"]}}
{"id":"os-firm","caption":"Alfa Ticaret","schema":"Company","properties":{"country":["tr"]}}
{"id":"os-own","schema":"Ownership","properties":{"owner":["os-bank"],"asset":["os-firm"],\
"percentage":["60 %"],"startDate":["2021-01-01"]}}
{"id": "broken"}
{"id":"os-s","schema":"Sanction","properties":{"entity":["os-bank"],\
"programId":["US-RUSSIA-EO14024"],"listingDate":["2022-02-24"]}}
"""

OWN_CSV = (
    b"own_id,name,type,aliases,country,bic,identifiers,measure\n"
    b"1,Polar Bank,entity,PB,Russia,POLARUMM,INN:7702070139;X-1,blocking\n"
    b"2,,entity,,Russia,,,\n"
    b"3,Somebody,individual,,Atlantis,,,\n"
)
