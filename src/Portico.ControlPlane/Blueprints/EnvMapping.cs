using Portico.Blueprint.Model;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Converts environment variables between a Blueprint and the state.</summary>
internal static class EnvMapping
{
    private static readonly (ReferenceKind Kind, string Name)[] Kinds =
    [
        (ReferenceKind.Web, "web"), (ReferenceKind.PrivateService, "pserv"), (ReferenceKind.Worker, "worker"),
        (ReferenceKind.Cron, "cron"), (ReferenceKind.Static, "static"), (ReferenceKind.KeyValue, "keyvalue"),
        (ReferenceKind.Postgres, "dpg"), (ReferenceKind.Job, "job"),
    ];

    public static ValueList<EnvEntry> ToEntries(IEnumerable<EnvGroupLinkRow> links, IEnumerable<EnvVarRow> variables) =>
    [
        .. links.OrderBy(link => link.Position).Select(EnvEntry (link) => new EnvGroupLink(link.GroupName)),
        .. variables.OrderBy(row => row.Key, StringComparer.Ordinal).Select(EnvEntry (row) => new EnvVar(row.Key, ToValue(row.Source))),
    ];

    public static ValueList<EnvEntry> ToEntries(IReadOnlyDictionary<string, EnvVarSource> variables) =>
        variables.Select(EnvEntry (item) => new EnvVar(item.Key, ToValue(item.Value))).ToValueList();

    /// <param name="value">The value of a generated or prompted variable.</param>
    public static EnvVarSource ToSource(EnvValue wanted, string value) => wanted switch
    {
        LiteralValue literal => new EnvVarSource.Literal(literal.Text),
        GeneratedValue => new EnvVarSource.Generated(value),
        PromptedValue => new EnvVarSource.Prompted(value),
        DatabaseReference reference => new EnvVarSource.FromDatabase(reference.Name, reference.Property),
        ServiceReference { Kind: ReferenceKind.Postgres, Property: { } property } reference =>
            new EnvVarSource.FromDatabase(reference.Name, property),
        ServiceReference reference => new EnvVarSource.FromService(
            Kinds.Single(item => item.Kind == reference.Kind).Name, reference.Name, reference.Property, reference.EnvVarKey),
        _ => throw new ArgumentOutOfRangeException(nameof(wanted)),
    };

    private static EnvValue ToValue(EnvVarSource source) => source switch
    {
        EnvVarSource.Literal literal => new LiteralValue(literal.Value),
        EnvVarSource.Generated => new GeneratedValue(),
        EnvVarSource.Prompted => new PromptedValue(null),
        EnvVarSource.FromDatabase reference => new DatabaseReference(reference.Name, reference.Property),
        EnvVarSource.FromService reference => new ServiceReference(
            Kinds.Single(item => item.Name == reference.Type).Kind, reference.Name, reference.Property, reference.EnvVarKey),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };
}
