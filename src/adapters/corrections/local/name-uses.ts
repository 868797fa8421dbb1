import { allOf } from "./calls.ts";
import { kindOf, type Node, type Source } from "./source.ts";

/** The places where a name is read, in a file that binds it nowhere; none where the file might bind it. */
export function nameUses(source: Source, name: string): readonly Node[] {
  const named = namesIn(source).filter((node) => node.text() === name);
  const reads = named.filter((node) => roleOf(node, source) === "read");
  const bound = named.some((node) => roleOf(node, source) === "bound");
  return bound || bindsAnything(source) ? [] : reads;
}

const PYTHON = ["identifier"];
const JAVASCRIPT = ["identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"];
const TYPESCRIPT = [...JAVASCRIPT, "type_identifier"];

function namesIn({ root, language }: Source): readonly Node[] {
  if (language === "python") return allOf(root, PYTHON);
  return allOf(root, language === "typescript" ? TYPESCRIPT : JAVASCRIPT);
}

/** A star import may bind any name. */
function bindsAnything({ root, language }: Source): boolean {
  return language === "python" && allOf(root, ["wildcard_import"]).length > 0;
}

type NameRole = "read" | "bound" | "neither";

/** What a name is to the node above it; with a field, only there, and `else` elsewhere. The first row that fits decides. */
interface RoleRow {
  readonly above: RegExp;
  readonly field?: string;
  readonly role: NameRole;
  readonly else?: NameRole;
}

const PYTHON_ROLES: readonly RoleRow[] = [
  { above: /^attribute$/, field: "attribute", role: "neither" },
  { above: /^keyword_argument$/, field: "name", role: "neither" },
  { above: /^(function|class)_definition$/, field: "name", role: "bound" },
  { above: /^(assignment|augmented_assignment|for_statement|for_in_clause)$/, field: "left", role: "bound" },
  { above: /^(default_parameter|typed_default_parameter|named_expression)$/, field: "name", role: "bound" },
  {
    above:
      /^(parameters|lambda_parameters|typed_parameter|list_splat_pattern|dictionary_splat_pattern|pattern_list|tuple_pattern|list_pattern|as_pattern_target|aliased_import|dotted_name|global_statement|nonlocal_statement|case_pattern|type_parameter)$/,
    role: "bound",
  },
];

const SCRIPT_ROLES: readonly RoleRow[] = [
  {
    above: /^(variable_declarator|required_parameter|optional_parameter)$/,
    field: "value",
    role: "read",
    else: "bound",
  },
  {
    above: /^(assignment_pattern|object_assignment_pattern|for_in_statement)$/,
    field: "left",
    role: "bound",
  },
  { above: /^arrow_function$/, field: "parameter", role: "bound" },
  { above: /^(labeled_statement|break_statement|continue_statement|nested_identifier)$/, role: "neither" },
  {
    above:
      /^(function_declaration|function_expression|generator_function_declaration|(abstract_)?class_declaration|interface_declaration|type_alias_declaration|enum_declaration|internal_module|import_clause|namespace_import|import_specifier|formal_parameters|rest_pattern|array_pattern|pair_pattern|catch_clause|type_parameter|function_signature|import_require_clause)$/,
    role: "bound",
  },
];

function roleOf(node: Node, { language }: Source): NameRole {
  const parent = node.parent();
  if (!parent) return "read";
  const exception = language === "python" ? moduleRole(parent) : scriptException(node, parent);
  if (exception) return exception;
  const kind = kindOf(parent);
  const row = (language === "python" ? PYTHON_ROLES : SCRIPT_ROLES).find(({ above }) => above.test(kind));
  if (!row) return "read";
  const fits = row.field === undefined || parent.field(row.field)?.id() === node.id();
  return fits ? row.role : (row.else ?? "read");
}

/** The `a` in `from a import b` is bound nowhere. */
function moduleRole(parent: Node): NameRole | undefined {
  const above = parent.parent();
  return above?.field("module_name")?.id() === parent.id() ? "neither" : undefined;
}

function scriptException(node: Node, parent: Node): NameRole | undefined {
  if (kindOf(node) === "shorthand_property_identifier_pattern") return "bound";
  if (kindOf(parent) !== "export_specifier") return undefined;
  return parent.parent()?.parent()?.field("source") ? "neither" : "read";
}
