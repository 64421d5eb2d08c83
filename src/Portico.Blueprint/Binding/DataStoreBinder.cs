using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

internal static class DataStoreBinder
{
    public static KeyValueSpec? BindKeyValue(Fields fields)
    {
        var name = fields.RequiredText("name", NameRules.Resource);
        if (!fields.Has("ipAllowList"))
            fields.Bag.Warn(
                Codes.MissingField, fields.Origin, "without 'ipAllowList', only services of the platform can connect",
                "write 'ipAllowList: []' to confirm this");
        var spec = new KeyValueSpec
        {
            Name = name ?? "",
            Region = fields.Region(),
            Plan = fields.Plan("plan", Plans.KeyValue),
            PreviewPlan = fields.Plan("previewPlan", Plans.KeyValue),
            IpAllowList = fields.IpAllowList(),
            MaxMemoryPolicy = fields.Choice("maxmemoryPolicy", Vocabulary.MaxMemory),
            PersistenceMode = fields.Choice("persistenceMode", Vocabulary.Persistence),
            Origin = fields.Origin,
        };
        fields.Finish("a Key Value store");
        return name is null ? null : spec;
    }

    public static DatabaseSpec? BindDatabase(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag) is not { } fields)
            return null;
        var name = fields.RequiredText("name", NameRules.Resource);
        var spec = new DatabaseSpec
        {
            Name = name ?? "",
            DatabaseName = fields.Text("databaseName", NameRules.PostgresIdentifier),
            User = fields.Text("user", NameRules.PostgresUser),
            Region = fields.Region(),
            Plan = fields.Plan("plan", Plans.Database, Plans.LegacyDatabase),
            DiskSizeGB = fields.Whole("diskSizeGB", 1),
            StorageAutoscaling = fields.Flag("storageAutoscalingEnabled"),
            PreviewPlan = fields.Plan("previewPlan", Plans.Database, Plans.LegacyDatabase),
            PreviewDiskSizeGB = fields.Whole("previewDiskSizeGB", 1),
            MajorVersion = BindVersion(fields),
            HighAvailability = BindHighAvailability(fields),
            IpAllowList = fields.IpAllowList(),
            ReadReplicas = fields.List("readReplicas", (item, path) => BindReplica(item, path, bag)),
            Origin = fields.Origin,
        };
        fields.Finish("a database");
        return name is null ? null : spec;
    }

    private static string? BindVersion(Fields fields)
    {
        if (fields.Scalar("postgresMajorVersion") is not { } given)
            return null;
        if (!Vocabulary.PostgresVersions.Contains(given.Text))
            fields.NotOneOf("postgresMajorVersion", given, Vocabulary.PostgresVersions);
        else if (!given.Quoted)
            fields.Bag.Warn(Codes.LooseValue, fields.At("postgresMajorVersion"), "the version must be text, not a number", $"write \"{given.Text}\"");
        return given.Text;
    }

    private static bool? BindHighAvailability(Fields fields)
    {
        if (fields.Map("highAvailability") is not { } inner)
            return null;
        if (!inner.Has("enabled"))
            inner.Missing("enabled");
        var enabled = inner.Flag("enabled");
        inner.Finish("'highAvailability'");
        return enabled;
    }

    private static ReadReplicaSpec? BindReplica(YamlNode node, NodePath at, DiagnosticBag bag)
    {
        if (Fields.Of(node, at, bag, "write 'name: …'") is not { } fields)
            return null;
        var name = fields.Text("name", NameRules.Resource);
        fields.Finish("a read replica");
        return new ReadReplicaSpec(name);
    }
}
