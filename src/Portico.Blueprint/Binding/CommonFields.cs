using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

/// <summary>Reads the fields that several kinds of resources share.</summary>
internal static class CommonFields
{
    public static string? Region(this Fields fields) => fields.Text("region", NameRules.Label);

    public static string? Plan(
        this Fields fields, string field, IReadOnlyList<string> plans, IReadOnlyDictionary<string, string>? legacy = null)
    {
        if (fields.Scalar(field) is not { } given)
            return null;
        if (Plans.Canonical(given.Text, plans) is { } plan)
        {
            if (plan != given.Text)
                fields.Legacy(given, field, $"the plan '{SafeText.Word(given.Text)}' is read as '{plan}'");
            return plan;
        }
        if (legacy is not null && Plans.Canonical(given.Text, legacy.Keys) is { } old)
        {
            fields.Legacy(given, field, $"the plan '{old}' is no longer available; '{legacy[old]}' is used instead", $"write '{legacy[old]}'");
            return legacy[old];
        }
        fields.NotOneOf(field, given, plans);
        return given.Text;
    }

    /// <summary>Reads a path in the repository. A lone <c>/</c>, which many files use for the root of the repository, is read as <c>.</c>.</summary>
    public static string? RepositoryPath(this Fields fields, string field)
    {
        if (fields.Scalar(field) is not { Text: "/" } root)
            return fields.Text(field, PathRules.InCheckout);
        fields.Legacy(root, field, "'/' is read as the root of the repository", "write '.'");
        return ".";
    }

    public static ValueList<IpAllowEntry>? IpAllowList(this Fields fields) =>
        fields.List("ipAllowList", (node, at) => BindIpAllowEntry(node, at, fields.Bag), "write each item as '- source: 203.0.113.0/24'");

    private static IpAllowEntry? BindIpAllowEntry(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag, "write 'source: 203.0.113.0/24'") is not { } fields)
            return null;
        var source = fields.RequiredText("source", NetworkRules.AddressRange);
        var description = fields.Text("description");
        fields.Finish("an item of ipAllowList", lenient: true);
        return source is null ? null : new IpAllowEntry(source, description);
    }

    /// <summary>Reads <c>{ fromRegistryCreds: { name } }</c>.</summary>
    public static string? RegistryCredential(this Fields fields, string field)
    {
        if (fields.Map(field) is not { } outer)
            return null;
        var inner = outer.Map("fromRegistryCreds");
        if (inner is null)
            outer.Missing("fromRegistryCreds");
        outer.Finish("a registry credential");
        var name = inner?.RequiredText("name", NameRules.Label);
        inner?.Finish("'fromRegistryCreds'");
        return name;
    }
}
