import { isCurrency, minorDigits, Money } from "../../../refund/money/money.ts";
import { roundParts } from "../../../refund/money/round-parts.ts";
import type { Charge, Components } from "../../../refund/observation/observation.ts";
import { Unreadable } from "./facts.ts";
import type { MagentoOrder, Memo, MemoItem } from "./page.ts";

/**
 * The figures of a credit memo in one of its two currencies: the order's, which the buyer paid, or
 * the base currency of the website.
 *
 * `grand_total` is what is left after store credit and gift cards, so what went back is all three.
 * `tax_amount` holds the tax of the shipping. Where prices include tax, a discount is stated with its
 * tax, and the tax in it stands in `discount_tax_compensation_amount`. Parts have four digits, and
 * the total has those of the currency, so the parts are rounded until they add up to it.
 *
 * Source: Magento, Model/Order/Creditmemo/Total/{Grand,Tax}.php.
 */
export function figuresOf(memo: Memo, order: MagentoOrder, side: Side): Figures {
  const currency = currencyOn(memo, side);
  const stated = statedOn(memo, side, currency);
  const rows = moneyRows(memo, order, side, currency);
  const rowDiscounts = Money.sum(
    rows.map(({ discount, compensation }) => discount.plus(compensation)),
    currency,
  );
  const wholes = { ...stated, rowDiscounts, rows: rows.length };
  const whole = stated.grand.plus(stated.balance).plus(stated.giftCards);
  const total = whole.rounded("half-up");
  for (const reading of READINGS) {
    const parts = partsIn(wholes, reading, currency);
    const gap = Money.sum(Object.values(parts), currency).minus(whole).absolute();
    const rounded = roundParts(Object.values(parts), total);
    if (rounded === null || gap.times(2).compare(unitOf(currency)) > 0) continue;
    return figures({ stated, total, parts, rounded, rows, addsUp: true }, currency);
  }
  const parts = partsIn(wholes, READINGS[0], currency);
  const rounded = Object.values(parts).map((part) => part.rounded("half-up"));
  return figures({ stated, total, parts, rounded, rows, addsUp: false }, currency);
}

export type Side = "order" | "base";

export type Figures = {
  readonly currency: string;
  /** All that went back, in the currency's digits. */
  readonly total: Money;
  /** The parts of the total by the way that they took: the gateway, store credit, gift cards. */
  readonly ways: { readonly main: Money; readonly balance: Money; readonly giftCards: Money };
  readonly components: Components;
  /** The parts were finer than the currency. */
  readonly isRounded: boolean;
  /** Whether the stated parts add up to the stated total. */
  readonly addsUp: boolean;
  /** The rows that carry money, with their amounts rounded. */
  readonly rows: readonly FiguresRow[];
};

type FiguresRow = {
  readonly item: MemoItem;
  /** After discounts, without tax. */
  readonly amount: Money;
  readonly tax: Money;
  readonly discount: Money;
  /** The tax in the discount, where prices include tax. */
  readonly compensation: Money;
  readonly unitPrice: Money | null;
};

function currencyOn(memo: Memo, side: Side): string {
  const code = side === "order" ? memo.order_currency_code : (memo.base_currency_code ?? "");
  if (isCurrency(code)) return code;
  const field = side === "order" ? "order_currency_code" : "base_currency_code";
  throw new Unreadable(`${field}: ${JSON.stringify(code.slice(0, 5))} is no currency of ISO 4217`);
}

/** Whether the memo states a second currency, in which the website keeps its books. */
export function hasTwoCurrencies(memo: Memo): boolean {
  const { base_currency_code: base, base_grand_total: total } = memo;
  return base !== null && base !== memo.order_currency_code && total !== null;
}

/** Whether the parts of the list add up: then store credit and gift cards took no part in it. */
export function addsUpAlone(memo: Memo, order: MagentoOrder): boolean {
  return figuresOf(memo, order, "order").addsUp;
}

type Stated = Readonly<
  Record<
    | "grand"
    | "balance"
    | "giftCards"
    | "subtotal"
    | "tax"
    | "shipping"
    | "shippingTax"
    | "discount"
    | "compensation"
    | "shippingCompensation"
    | "adjustment"
    | "wrapping"
    | "productTax",
    Money
  >
>;

function statedOn(memo: Memo, side: Side, currency: string): Stated {
  const more = memo.extension_attributes;
  const isOrder = side === "order";
  const money = (order: string | null, base: string | null): Money =>
    Money.of((isOrder ? order : base) ?? "0", currency);
  const plus = money(memo.adjustment_positive, memo.base_adjustment_positive);
  const minus = money(memo.adjustment_negative, memo.base_adjustment_negative);
  const both = money(memo.adjustment, memo.base_adjustment);
  return {
    grand: money(memo.grand_total, memo.base_grand_total),
    balance: money(more.customer_balance_amount, more.base_customer_balance_amount).absolute(),
    giftCards: money(more.gift_cards_amount, more.base_gift_cards_amount).absolute(),
    subtotal: money(memo.subtotal, memo.base_subtotal),
    tax: money(memo.tax_amount, memo.base_tax_amount),
    shipping: money(memo.shipping_amount, memo.base_shipping_amount),
    shippingTax: money(memo.shipping_tax_amount, memo.base_shipping_tax_amount),
    // The header states it negative, the rows positive.
    discount: money(memo.discount_amount, memo.base_discount_amount).absolute(),
    compensation: money(
      memo.discount_tax_compensation_amount,
      memo.base_discount_tax_compensation_amount,
    ),
    shippingCompensation: money(
      memo.shipping_discount_tax_compensation_amount,
      memo.base_shipping_discount_tax_compensation_amnt,
    ),
    adjustment: plus.isZero() && minus.isZero() ? both : plus.absolute().minus(minus.absolute()),
    wrapping: Money.sum(
      [
        money(more.gw_price, more.gw_base_price),
        money(more.gw_items_price, more.gw_items_base_price),
        money(more.gw_card_price, more.gw_card_base_price),
      ],
      currency,
    ),
    productTax: Money.sum(
      memo.items.map((item) =>
        money(item.weee_tax_applied_row_amount, item.base_weee_tax_applied_row_amnt),
      ),
      currency,
    ),
  };
}

/** What the published schema leaves open: each reading is tried until the parts add up. */
type Reading = {
  /** Whether the compensation of the header holds that of the shipping. */
  readonly holdsShipping: boolean;
  /** A fixed tax on products (FPT) stands beside the subtotal, or is left out of the total. */
  readonly productTax: boolean;
};
const READINGS = [
  { holdsShipping: true, productTax: true },
  { holdsShipping: false, productTax: true },
  { holdsShipping: true, productTax: false },
  { holdsShipping: false, productTax: false },
] as const satisfies readonly Reading[];

type Parts = Readonly<
  Record<"items" | "tax" | "shipping" | "shippingTax" | "wrapping" | "fees" | "adjustment", Money>
>;

/** The parts as stated, in all their digits. They add up to what went back. */
function partsIn(
  stated: Stated & { readonly rowDiscounts: Money; readonly rows: number },
  { holdsShipping, productTax }: Reading,
  currency: string,
): Parts {
  const { discount, compensation, shippingCompensation, rowDiscounts } = stated;
  const beside = discount.minus(rowDiscounts);
  // The rows are rounded by themselves, so a cent for each is no discount on the shipping.
  const drift = unitOf(currency).times(Math.max(1, stated.rows));
  const onShipping =
    stated.shipping.isZero() || beside.compare(drift) <= 0 ? Money.zero(currency) : beside;
  const ofGoods = holdsShipping ? compensation.minus(shippingCompensation) : compensation;
  return {
    items: stated.subtotal.minus(discount.minus(onShipping)).plus(ofGoods),
    tax: stated.tax.minus(stated.shippingTax),
    shipping: stated.shipping.minus(onShipping).plus(shippingCompensation),
    shippingTax: stated.shippingTax,
    wrapping: stated.wrapping,
    fees: productTax ? stated.productTax : Money.zero(currency),
    adjustment: stated.adjustment,
  };
}

function figures(
  read: {
    readonly stated: Stated;
    readonly total: Money;
    readonly parts: Parts;
    readonly rounded: readonly Money[];
    readonly rows: readonly FiguresRow[];
    readonly addsUp: boolean;
  },
  currency: string,
): Figures {
  const { stated, total, parts, rounded, rows, addsUp } = read;
  const zero = Money.zero(currency);
  const [items = zero, tax = zero, shipping = zero, shippingTax = zero] = rounded;
  const [, , , , wrapping = zero, fees = zero, adjustment = zero] = rounded;
  const charges = [["gift_wrapping", wrapping] as const, ["fee", fees] as const].flatMap(
    ([kind, amount]): Charge[] => (amount.isZero() ? [] : [{ kind, amount: amount.toString() }]),
  );
  const amounts = roundParts(
    rows.map(({ amount }) => amount),
    items,
  );
  const taxes = roundParts(
    rows.map((row) => row.tax),
    tax,
  );
  const balance = stated.balance.rounded("half-up");
  const giftCards = stated.giftCards.rounded("half-up");
  return {
    currency,
    total,
    ways: { main: total.minus(balance).minus(giftCards), balance, giftCards },
    components: {
      items: items.toString(),
      tax: tax.toString(),
      shipping: shipping.toString(),
      shippingTax: shippingTax.toString(),
      duties: zero.toString(),
      ...(charges.length > 0 && { charges }),
      adjustment: adjustment.negated().toString(),
      discount: stated.subtotal.minus(parts.items).rounded("half-up").toString(),
    },
    isRounded: Object.values(parts).some((part, at) => !part.equals(rounded[at] ?? part)),
    addsUp,
    rows: rows.map((row, at) => ({
      ...row,
      amount: amounts?.[at] ?? row.amount.rounded("half-up"),
      tax: taxes?.[at] ?? row.tax.rounded("half-up"),
      discount: row.discount.rounded("half-up"),
      unitPrice: row.unitPrice?.rounded("half-up") ?? null,
    })),
  };
}

/**
 * The rows that carry money. A configurable product carries it in its parent's row, a bundle in the
 * parent, in the children or in both, so the reading counts whose rows add up to the subtotal.
 */
function moneyRows(
  memo: Memo,
  order: MagentoOrder,
  side: Side,
  currency: string,
): readonly FiguresRow[] {
  const parentOf = new Map(order.items.map((item) => [item.item_id, item.parent_item_id]));
  const parents = new Set(
    memo.items.flatMap(({ order_item_id: id }) => parentOf.get(id ?? "") ?? []),
  );
  const isChild = ({ order_item_id: id }: MemoItem): boolean =>
    (parentOf.get(id ?? "") ?? null) !== null;
  const isParent = ({ order_item_id: id }: MemoItem): boolean => id !== null && parents.has(id);
  const amountOf = (item: MemoItem): Money =>
    Money.of((side === "order" ? item.row_total : item.base_row_total) ?? "0", currency);
  const subtotal = Money.of(
    (side === "order" ? memo.subtotal : memo.base_subtotal) ?? "0",
    currency,
  );
  const candidates = [
    memo.items.filter((item) => !(isChild(item) && amountOf(item).isZero())),
    memo.items.filter((item) => !isChild(item)),
    memo.items.filter((item) => !isParent(item)),
  ];
  const fitting = candidates.find(
    (items) =>
      Money.sum(items.map(amountOf), currency)
        .minus(subtotal)
        .absolute()
        .compare(unitOf(currency).times(items.length)) <= 0,
  );
  return (fitting ?? candidates[0] ?? []).map((item) => rowOf(item, side, currency));
}

function rowOf(item: MemoItem, side: Side, currency: string): FiguresRow {
  const money = (order: string | null, base: string | null): Money =>
    Money.of((side === "order" ? order : base) ?? "0", currency);
  const compensation = money(
    item.discount_tax_compensation_amount,
    item.base_discount_tax_compensation_amount,
  );
  const discount = money(item.discount_amount, item.base_discount_amount).absolute();
  const price = side === "order" ? item.price : item.base_price;
  return {
    item,
    amount: money(item.row_total, item.base_row_total).minus(discount).plus(compensation),
    tax: money(item.tax_amount, item.base_tax_amount),
    discount: discount.minus(compensation),
    compensation,
    unitPrice: price === null ? null : Money.of(price, currency),
  };
}

function unitOf(currency: string): Money {
  return Money.of("1", currency).dividedBy(10 ** minorDigits(currency));
}
