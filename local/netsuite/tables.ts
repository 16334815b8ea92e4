/**
 * NetSuite's tables for the queries about refunds, with all versions of a life.
 *
 * Each stored row has the period in which it is visible; the views show the world at `now`. Times
 * are instants, shown in the session's zone, as in NetSuite. A column `df_x` contains the text that
 * BUILTIN.DF(x) displays. A DATE of Oracle has a time, so TO_DATE here keeps the time.
 */
export const TABLES: readonly Table[] = [
  {
    name: "transaction",
    columns: {
      id: "bigint",
      type: "text",
      df_type: "text",
      tranid: "text",
      transactionnumber: "text",
      externalid: "text",
      otherrefnum: "text",
      memo: "text",
      trandate: "date",
      createddate: "timestamptz",
      lastmodifieddate: "timestamptz",
      status: "text",
      df_status: "text",
      voided: "text",
      posting: "text",
      postingperiod: "bigint",
      df_postingperiod: "text",
      currency: "bigint",
      df_currency: "text",
      exchangerate: "numeric",
      foreigntotal: "numeric",
      total: "numeric",
      entity: "bigint",
      df_entity: "text",
      source: "text",
      createdby: "bigint",
      df_createdby: "text",
      lastmodifiedby: "bigint",
      df_lastmodifiedby: "text",
    },
  },
  {
    name: "transactionline",
    columns: {
      transaction: "bigint",
      id: "bigint",
      linesequencenumber: "bigint",
      mainline: "text",
      itemtype: "text",
      item: "bigint",
      df_item: "text",
      taxline: "text",
      transactiondiscount: "text",
      iscogs: "text",
      donotdisplayline: "text",
      quantity: "numeric",
      rate: "numeric",
      foreignamount: "numeric",
      netamount: "numeric",
      createdfrom: "bigint",
      subsidiary: "bigint",
      class: "bigint",
      df_class: "text",
      department: "bigint",
      df_department: "text",
      location: "bigint",
      df_location: "text",
      memo: "text",
    },
  },
  {
    name: "previoustransactionlinelink",
    columns: {
      previousdoc: "bigint",
      previousline: "bigint",
      previoustype: "text",
      nextdoc: "bigint",
      nextline: "bigint",
      nexttype: "text",
      linktype: "text",
      foreignamount: "numeric",
    },
  },
  { name: "subsidiary", columns: { id: "bigint", name: "text" } },
  { name: "currency", columns: { id: "bigint", symbol: "text", name: "text" } },
  {
    name: "accountingperiod",
    columns: {
      id: "bigint",
      periodname: "text",
      startdate: "date",
      enddate: "date",
      closed: "text",
      isquarter: "text",
      isyear: "text",
      isadjust: "text",
    },
  },
  {
    name: "deletedrecord",
    columns: {
      recordid: "bigint",
      recordtypeid: "bigint",
      type: "text",
      name: "text",
      context: "text",
      deletedby: "bigint",
      deleteddate: "timestamptz",
    },
  },
];

export type Table = { readonly name: string; readonly columns: Readonly<Record<string, string>> };

/** A row with the period in which it is visible; null means no limit. */
export type Versioned = {
  readonly seen_from: string | null;
  readonly seen_to: string | null;
  readonly [column: string]: string | number | null;
};

export const SCHEMA = `
  CREATE SCHEMA life;
  CREATE SCHEMA netsuite;
  CREATE TABLE life.world (now timestamptz NOT NULL);
  INSERT INTO life.world VALUES ('infinity');
  ${TABLES.map(table).join("\n")}
  CREATE INDEX ON life.transaction (id);
  CREATE INDEX ON life.transactionline (transaction);
  CREATE INDEX ON life.previoustransactionlinelink (nextdoc);
  CREATE INDEX ON life.previoustransactionlinelink (previousdoc);
  CREATE FUNCTION netsuite.to_date(text, text) RETURNS timestamp LANGUAGE sql STABLE
    AS $$ SELECT pg_catalog.to_timestamp($1, $2)::timestamp $$;
  CREATE FUNCTION netsuite.to_timestamp(text, text) RETURNS timestamp LANGUAGE sql STABLE
    AS $$ SELECT pg_catalog.to_timestamp($1, $2)::timestamp $$;
  CREATE FUNCTION netsuite.sys_extract_utc(timestamptz) RETURNS timestamp LANGUAGE sql IMMUTABLE
    AS $$ SELECT $1 AT TIME ZONE 'UTC' $$;
`;

function table({ name, columns }: Table): string {
  const stored = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  return `
    CREATE TABLE life.${name} (${stored.join(", ")}, seen_from timestamptz, seen_to timestamptz);
    CREATE VIEW netsuite.${name} AS SELECT ${Object.keys(columns).join(", ")}
      FROM life.${name}
      WHERE coalesce(seen_from, '-infinity') <= (SELECT now FROM life.world)
        AND (seen_to IS NULL OR seen_to > (SELECT now FROM life.world));
  `;
}
