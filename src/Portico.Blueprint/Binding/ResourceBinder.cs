using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

/// <summary>Reads the lists <c>services</c>, <c>databases</c> and <c>envVarGroups</c>, at the root or in an environment.</summary>
internal static class ResourceBinder
{
    public static ResourceLists Bind(Fields fields)
    {
        var bag = fields.Bag;
        var items = fields.List("services", (node, at) => BindItem(node, at, bag));
        return new ResourceLists
        {
            Services = items is null ? null : items.OfType<ServiceSpec>().ToValueList(),
            KeyValues = items?.OfType<KeyValueSpec>().ToValueList() is { Count: > 0 } found ? found : null,
            Databases = fields.List("databases", (node, at) => DataStoreBinder.BindDatabase(node, at, bag)),
            EnvGroups = fields.List("envVarGroups", (node, at) => BindGroup(node, at, bag)),
            Unsupported = items?.OfType<UnsupportedSpec>().ToValueList() is { Count: > 0 } unsupported ? unsupported : null,
        };
    }

    private static object? BindItem(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag, "start with '- type: web'") is not { } fields)
            return null;
        if (!fields.Has("type"))
        {
            fields.Missing("type", "write 'type: web', 'pserv', 'worker', 'cron' or 'keyvalue'");
            return null;
        }
        if (fields.Scalar("type") is { Text: "postgres" or "postgresql" or "database" or "dpg" })
        {
            bag.Error(Codes.NotAllowed, fields.At("type"), "a database is not a service", "move it to 'databases:' and remove its type");
            return null;
        }
        switch (fields.Choice("type", Vocabulary.ServiceTypes))
        {
            case null:
                return null;
            case ServiceType.Workflow:
                bag.Error(Codes.NotSupported, fields.At("type"), "workflows are not supported", "use a 'worker' or a 'cron' job, or remove it");
                return fields.Text("name") is { } name ? new UnsupportedSpec(name, "workflow") { Origin = fields.Origin } : null;
            case ServiceType.Redis:
                bag.Warn(Codes.LegacySpelling, fields.At("type"), "'redis' is the old name of 'keyvalue'", "write 'type: keyvalue'");
                return DataStoreBinder.BindKeyValue(fields);
            case ServiceType.KeyValue:
                return DataStoreBinder.BindKeyValue(fields);
            case { } type:
                return ServiceBinder.Bind(fields, type);
        }
    }

    private static EnvGroupSpec? BindGroup(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag) is not { } fields)
            return null;
        var name = fields.RequiredText("name", NameRules.Resource);
        if (!fields.Has("envVars") && !fields.HasEmpty("envVars"))
            fields.Missing("envVars", "write 'envVars: []' for a group without variables");
        var group = new EnvGroupSpec
        {
            Name = name ?? "",
            EnvVars = EnvBinder.BindAll(fields, inGroup: true) ?? [],
            Origin = fields.Origin,
        };
        fields.Finish("an environment group");
        return name is null ? null : group;
    }
}
