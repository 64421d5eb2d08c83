using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

/// <summary>Reads the items of <c>envVars</c> in services and groups.</summary>
internal static class EnvBinder
{
    /// <summary>Fields of templates that describe the variable to people.</summary>
    private static readonly string[] Descriptive = ["displayName", "description", "required", "scope"];

    private static readonly string[] Sources = ["fromDatabase", "fromService", "fromGroup"];

    public static ValueList<EnvEntry>? BindAll(Fields owner, bool inGroup)
    {
        var entries = owner.List(
            "envVars", (node, at) => Bind(node, at, owner.Bag, inGroup), "write each item as '- key: NAME' and 'value: …'");
        return entries is null ? null : WithoutDuplicates(entries, owner.Bag).ToValueList();
    }

    /// <summary>A variable set twice to the same value is a warning; with different values it is an error.</summary>
    private static IEnumerable<EnvEntry> WithoutDuplicates(ValueList<EnvEntry> entries, DiagnosticBag bag)
    {
        var seen = new Dictionary<string, EnvVar>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry is not EnvVar variable || seen.TryAdd(variable.Key, variable))
            {
                yield return entry;
                continue;
            }
            var first = seen[variable.Key];
            var at = variable.Origin.At("key");
            var lines = $"(lines {first.Origin.At("key").Line} and {at.Line})";
            if (variable == first)
                bag.Warn(Codes.DuplicateName, at, $"the variable '{SafeText.Word(variable.Key)}' is set twice to the same value {lines}", "remove one of them");
            else
                bag.Error(Codes.DuplicateName, at, $"the variable '{SafeText.Word(variable.Key)}' is set twice {lines}", "keep one of them");
        }
    }

    private static EnvEntry? Bind(YamlNode node, NodePath at, DiagnosticBag bag, bool inGroup)
    {
        if (Fields.Of(node, at, bag, "write 'key: NAME' and 'value: …'") is not { } fields)
            return null;
        var key = fields.Text("key", NameRules.EnvKey);
        var given = Sources.Where(fields.Has).ToList();
        if (given.Count > 1)
            bag.Error(Codes.Conflict, fields.At(given[1]), $"'{given[0]}' and '{given[1]}' cannot be used together");
        if (inGroup && given.Count > 0)
            bag.Error(Codes.NotAllowed, fields.At(given[0]), $"'{given[0]}' cannot be used in an environment group", "set the variable on the service");

        var group = fields.Text("fromGroup", NameRules.Resource);
        var reference = BindReference(fields);
        var plain = BindPlain(fields, quiet: given.Count > 0);
        var preview = fields.Verbatim("previewValue");
        foreach (var extra in Descriptive)
            fields.Ignore(extra, "it only describes the variable to people");
        fields.Finish("an environment variable");

        if (given.FirstOrDefault() == "fromGroup")
            return Link(fields, key, group);
        if (key is null)
        {
            fields.Missing("key");
            return null;
        }
        return (reference ?? plain) is not { } value ? null : new EnvVar(key, value) { PreviewValue = preview, Origin = fields.Origin };
    }

    private static EnvGroupLink? Link(Fields fields, string? key, string? group)
    {
        if (key is not null)
            fields.Bag.Error(
                Codes.Conflict, fields.At("key"), "'key' and 'fromGroup' cannot be used together: a group adds all of its variables",
                "remove the 'key'");
        return group is null ? null : new EnvGroupLink(group) { Origin = fields.Origin };
    }

    private static EnvValue? BindReference(Fields fields)
    {
        var database = fields.Map("fromDatabase");
        var service = fields.Map("fromService");
        var first = database is null ? null : BindDatabase(database);
        var second = service is null ? null : BindService(service);
        return first is not null ? first : second;
    }

    private static DatabaseReference? BindDatabase(Fields fields)
    {
        var name = fields.RequiredText("name");
        var property = fields.RequiredText("property");
        fields.Finish("'fromDatabase'", lenient: true);
        return name is null || property is null ? null : new DatabaseReference(name, property);
    }

    private static ServiceReference? BindService(Fields fields)
    {
        var name = fields.RequiredText("name");
        if (!fields.Has("type"))
            fields.Missing("type", "set the type of the referenced service");
        var kind = fields.Choice("type", Vocabulary.References);
        var property = fields.Text("property");
        var envVarKey = fields.Text("envVarKey", NameRules.EnvKey);
        fields.Finish("'fromService'", lenient: true);
        if (property is not null && envVarKey is not null)
            fields.Bag.Error(Codes.Conflict, fields.At("envVarKey"), "'property' and 'envVarKey' cannot be used together");
        if (property is null && envVarKey is null)
        {
            fields.Missing("property", "set the 'property' or the 'envVarKey' of the service");
            return null;
        }
        return name is null || kind is null
            ? null
            : new ServiceReference(kind.Value, name, property, property is null ? envVarKey : null);
    }

    /// <summary>Accepts every combination of value, generateValue and sync, and warns about the ambiguous ones.</summary>
    private static EnvValue? BindPlain(Fields fields, bool quiet)
    {
        var value = BindText(fields);
        var generate = fields.Flag("generateValue") ?? false;
        var prompt = fields.Flag("sync") is false;
        if (quiet)
        {
            if (value is not null || generate || prompt)
                fields.Bag.Error(Codes.Conflict, fields.Origin, "the variable has both a reference and a value", "keep one of them");
            return null;
        }
        if (generate && (value is not null || prompt))
            fields.Bag.Warn(
                Codes.Conflict, fields.At("generateValue"),
                value is not null ? "'generateValue' is ignored because 'value' is set" : "'sync' is ignored because 'generateValue' is set");
        if (prompt && !generate)
            return new PromptedValue(value);
        if (value is not null)
            return new LiteralValue(value);
        if (generate)
            return new GeneratedValue();
        fields.Bag.Warn(
            Codes.MissingField, fields.Origin, "the variable has no value; Portico will prompt for it, as with 'sync: false'",
            "set 'value', 'generateValue: true' or 'sync: false'");
        return new PromptedValue(null);
    }

    /// <summary>Reads the value exactly as written. Render's schema accepts text and numbers; its live service accepts booleans too.</summary>
    private static string? BindText(Fields fields)
    {
        if (fields.HasEmpty("value"))
        {
            fields.Bag.Warn(Codes.LooseValue, fields.At("value"), "the value is empty", "write '\"\"' to confirm this");
            fields.Known("value");
            return "";
        }
        if (fields.IsBoolean("value"))
            fields.Bag.Warn(Codes.LooseValue, fields.At("value"), "a boolean is read as text", "put it in quotes");
        return fields.Verbatim("value", NameRules.EnvValue);
    }
}
