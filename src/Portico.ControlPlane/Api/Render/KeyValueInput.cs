using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Bodies about Key Value stores: checked, and brought to what is stored.</summary>
internal sealed class KeyValueInput(IEngine engine)
{
    public const string DefaultMode = "journal_snapshot", NoMode = "off";

    /// <summary>In the words of the server's own configuration.</summary>
    private static readonly string[] Policies =
    [
        "noeviction", "allkeys-lfu", "allkeys-lru", "allkeys-random", "volatile-lfu", "volatile-lru", "volatile-random", "volatile-ttl",
    ];

    private static readonly string[] Modes = [DefaultMode, "snapshot", NoMode];

    /// <exception cref="RefusedException">Something cannot be had here; the message begins with the field.</exception>
    public DataStoreSettings Read(KeyValuePostInput input)
    {
        DataStoreInput.RequireEngine(engine, "name", new ResourceLists { KeyValues = [new KeyValueSpec { Name = DataStoreInput.Name(input.Name) }] });
        return new DataStoreSettings
        {
            Region = DataStoreInput.Region(input.Region),
            Plan = DataStoreInput.Plan(input.Plan, Plans.KeyValue),
            MaxmemoryPolicy = Policy(input.MaxmemoryPolicy),
            PersistenceMode = Mode(input.PersistenceMode),
            IpAllowList = DataStoreInput.IpRules(input.IpAllowList),
        };
    }

    /// <exception cref="RefusedException">Something cannot be had here; the message begins with the field.</exception>
    public static DataStoreSettings Read(KeyValuePatchInput input, DataStoreSettings current) => current with
    {
        Plan = input.Plan.IsSet ? DataStoreInput.Plan(input.Plan.Value, Plans.KeyValue) : current.Plan,
        MaxmemoryPolicy = input.MaxmemoryPolicy.IsSet ? Policy(input.MaxmemoryPolicy.Value) : current.MaxmemoryPolicy,
        PersistenceMode = input.PersistenceMode.IsSet ? Mode(input.PersistenceMode.Value) : current.PersistenceMode,
        IpAllowList = input.IpAllowList.IsSet ? DataStoreInput.IpRules(input.IpAllowList.Value) : current.IpAllowList,
    };

    public static string PolicyToWire(string policy) => policy.Replace('-', '_');

    /// <returns>Null when none is given: the default holds.</returns>
    private static string? Policy(string? given) => string.IsNullOrEmpty(given)
        ? null
        : Policies.FirstOrDefault(policy => PolicyToWire(policy) == given)
            ?? throw Refusal.BadRequest($"maxmemoryPolicy: '{given}' is not known; write one of {string.Join(", ", Policies.Select(PolicyToWire))}.");

    private static string? Mode(string? given) => string.IsNullOrEmpty(given) || Modes.Contains(given)
        ? (string.IsNullOrEmpty(given) ? null : given)
        : throw Refusal.BadRequest($"persistenceMode: '{given}' is not known; write one of {string.Join(", ", Modes)}.");
}
