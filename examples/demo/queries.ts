/** The demo's tables: SOQL as one would write it, paths to parents included. */
export const QUERIES: Readonly<Record<string, string>> = {
  countries: 'SELECT Id, Name, Code__c, Continent__c, Keywords__c, SystemModstamp FROM Country__c',
  navaids: `SELECT Id, Source_Id__c, Name, Ident__c, Type__c, Frequency_KHz__c, Latitude__c, Longitude__c, Elevation_Ft__c,
      Magnetic_Variation__c, Country__r.Code__c, Country__r.Name, Country__r.Continent__c, Owner.Name
    FROM Navaid__c`,
  runways: `SELECT Id, Airport_Ident__c, Length_Ft__c, Width_Ft__c, Surface__c, Lighted__c, Closed__c, Low_End_Ident__c,
      Low_End_Latitude__c, Low_End_Longitude__c, Low_End_Heading_DegT__c, High_End_Ident__c, CreatedDate
    FROM Runway__c`,
  companies: `SELECT Id, Name, Symbol__c, Sector__c, Price__c, Price_Earnings__c, Dividend_Yield__c, Market_Cap__c, EBITDA__c
    FROM Company__c`,
};
