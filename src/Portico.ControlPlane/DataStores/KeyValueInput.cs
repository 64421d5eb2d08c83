using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.DataStores;

/// <summary>Validates request bodies of Key Value stores and converts them to settings.</summary>
internal sealed class KeyValueInput(IEngine engine)
{
    public const string DefaultMode = "journal_snapshot", NoMode = "off";

    /// <summary>The policies, as the server's own configuration spells them.</summary>
    private static readonly string[] Policies =
    [
        "noeviction", "allkeys-lfu", "allkeys-lru", "allkeys-random", "volatile-lfu", "volatile-lru", "volatile-random", "volatile-ttl",
    ];

    private static readonly string[] Modes = [DefaultMode, "snapshot", NoMode];

    /// <exception cref="RefusedException">A value is invalid or not supported; the message begins with the field.</exception>
    public DataStoreSettings Read(KeyValuePostInput input)
    {
        DataStoreInput.RequireEngine(engine, "name", new ResourceLists { KeyValues = [new KeyValueSpec { Name = DataStoreInput.Name(input.Name) }] });
        return new DataStoreSettings
        {
            Region = DataStoreInput.Region(input.Region),
            Plan = DataStoreInput.Plan(input.Plan, Plans.KeyValue),
            MaxmemoryPolicy = Policy(input.MaxmemoryPolicy),
            PersistenceMode = Mode(input.PersistenceMode),
            IpAllowList = IpRules(input.IpAllowList),
        };
    }

    /// <exception cref="RefusedException">A value is invalid or not supported; the message begins with the field.</exception>
    public DataStoreSettings Read(KeyValuePatchInput input, DataStoreSettings current) => current with
    {
        Plan = input.Plan.IsSet ? DataStoreInput.Plan(input.Plan.Value, Plans.KeyValue) : current.Plan,
        MaxmemoryPolicy = input.MaxmemoryPolicy.IsSet ? Policy(input.MaxmemoryPolicy.Value) : current.MaxmemoryPolicy,
        PersistenceMode = input.PersistenceMode.IsSet ? Mode(input.PersistenceMode.Value) : current.PersistenceMode,
        IpAllowList = input.IpAllowList.IsSet ? IpRules(input.IpAllowList.Value) : current.IpAllowList,
    };

    /// <summary>
    /// Validates the allow list. It is rejected if the server cannot encrypt: accepting it without opening the port would be
    /// misleading.
    /// </summary>
    private List<IpRule>? IpRules(IReadOnlyList<CidrBlockAndDescription>? list)
    {
        var rules = InboundRules.Of("", list);
        if (rules is { Count: > 0 } && engine.Capabilities.Runtimes.Any(runtime => runtime is { Name: "keyvalue", Encrypts: false }))
            throw Refusal.Invalid("ipAllowList: external access is not possible because the Key Value server on this machine was built without TLS. Leave the list empty.");
        return rules;
    }

    public static string PolicyToWire(string policy) => policy.Replace('-', '_');

    /// <returns>Null if none is given, so that the default applies.</returns>
    private static string? Policy(string? given) => string.IsNullOrEmpty(given)
        ? null
        : Policies.FirstOrDefault(policy => PolicyToWire(policy) == given)
            ?? throw Refusal.Invalid($"maxmemoryPolicy: unknown policy '{given}'; use one of {string.Join(", ", Policies.Select(PolicyToWire))}.");

    private static string? Mode(string? given) => string.IsNullOrEmpty(given) || Modes.Contains(given)
        ? (string.IsNullOrEmpty(given) ? null : given)
        : throw Refusal.Invalid($"persistenceMode: unknown mode '{given}'; use one of {string.Join(", ", Modes)}.");
}
