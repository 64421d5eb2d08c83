using System.Globalization;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;
using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Blueprints;

/// <summary>
/// Replaces literal values that hold only on this platform: the address or password of a resource by a reference to it, secrets by
/// a prompt. What merely contains such an address or password is prompted for too, so that no copy ever connects to the data
/// stores of this platform.
/// </summary>
internal sealed class PortableValues
{
    /// <summary>
    /// Properties whose values others could have by chance; they are references where the variables beside them belong to the same
    /// resource. On the loopback address, that is the host; in the private network, the port, and the host name of a service.
    /// </summary>
    private static readonly string[] OnLoopback = ["host", "user", "database"], StoreInNetwork = ["port", "user", "database"], ServiceInNetwork = ["host", "port"];

    /// <summary>The loopback address as people write it.</summary>
    private static readonly string[] Loopback = ["127.0.0.1", "localhost"];

    private readonly Dictionary<string, (string Resource, EnvValue Reference)> _telling = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Value, EnvValue Reference)>> _common = new(StringComparer.Ordinal);
    private readonly List<string> _traces = [];

    /// <param name="passwords">All passwords of data stores, also of logins that nothing can refer to.</param>
    public PortableValues(VariableWorld world, IEnumerable<string> passwords)
    {
        foreach (var store in world.Databases.Values)
            Add(store, ReferenceProperties.Database, property => new DatabaseReference(store.Name, property));
        foreach (var store in world.KeyValues.Values)
            Add(store, ReferenceProperties.KeyValue, property => new ServiceReference(ReferenceKind.KeyValue, store.Name, property, null));
        foreach (var service in world.Services.Values)
            Add(service);
        _traces.AddRange(passwords.Where(password => password.Length > 0).SelectMany(password => (string[])[password, Uri.EscapeDataString(password)]));
    }

    public ValueList<EnvEntry> OfService(ValueList<EnvEntry> entries)
    {
        var related = entries.OfType<EnvVar>().Select(Literal).Where(text => text is not null && _telling.ContainsKey(text))
            .Select(text => _telling[text!].Resource).ToHashSet();
        return entries.Select(entry => entry is EnvVar { Value: LiteralValue literal } variable
            ? variable with { Value = ReferenceFor(variable.Key, literal.Text, related) ?? Without(variable.Key, literal) }
            : entry).ToValueList();
    }

    /// <summary>A group cannot refer to resources, so what would be a reference is prompted for.</summary>
    public ValueList<EnvEntry> OfGroup(ValueList<EnvEntry> entries) => entries.Select(entry => entry is EnvVar { Value: LiteralValue literal } variable
        ? variable with { Value = _telling.ContainsKey(literal.Text) ? new PromptedValue(null) : Without(variable.Key, literal) }
        : entry).ToValueList();

    private static string? Literal(EnvVar variable) => (variable.Value as LiteralValue)?.Text;

    private EnvValue? ReferenceFor(string key, string text, HashSet<string> related)
    {
        // The platform sets PORT; a number of one's own there is none of a resource.
        if (key != "PORT" && _telling.TryGetValue(text, out var known))
            return known.Reference;
        return related.SelectMany(resource => _common.GetValueOrDefault(resource) ?? [])
            .Where(item => item.Value == text).Select(item => item.Reference).FirstOrDefault();
    }

    private EnvValue Without(string key, LiteralValue literal) =>
        SecretKeys.IsSecret(key, literal.Text) || _traces.Any(trace => literal.Text.Contains(trace, StringComparison.OrdinalIgnoreCase))
            ? new PromptedValue(null)
            : literal;

    private void Add(DataStoreIdentity store, IReadOnlyList<string> properties, Func<string, EnvValue> reference)
    {
        _common[store.Id] = [];
        var host = store.Properties["host"];
        var common = Loopback.Contains(host) ? OnLoopback : StoreInNetwork;
        foreach (var property in properties)
            if (store.Properties.TryGetValue(property, out var value))
                Add(store.Id, property, value, reference(property), common);
        Trace(host, store.Properties["port"]);
    }

    private void Add(ServiceIdentity service)
    {
        var kind = KindOf(service.Type);
        _common[service.Id] = [];
        if (service.InternalPort is { } port)
        {
            var text = port.ToString(CultureInfo.InvariantCulture);
            var common = Loopback.Contains(service.InternalHost) ? OnLoopback : ServiceInNetwork;
            Add(service.Id, "hostport", $"{service.InternalHost}:{text}", new ServiceReference(kind, service.Name, "hostport", null), common);
            Add(service.Id, "port", text, new ServiceReference(kind, service.Name, "port", null), common);
            Add(service.Id, "host", service.InternalHost!, new ServiceReference(kind, service.Name, "host", null), common);
            Trace(service.InternalHost!, text);
        }
        if (service.ExternalUrl is { } url)
            Add(service.Id, "url", url, new ServiceReference(kind, service.Name, null, "RENDER_EXTERNAL_URL"), OnLoopback);
        if (service.ExternalHost is { } host)
            Add(service.Id, "hostname", host, new ServiceReference(kind, service.Name, null, "RENDER_EXTERNAL_HOSTNAME"), OnLoopback);
    }

    private void Add(string resource, string property, string value, EnvValue reference, string[] common)
    {
        if (common.Contains(property))
            _common[resource].Add((value, reference));
        else
            _telling.TryAdd(value, (resource, reference));
    }

    private void Trace(string host, string port) =>
        _traces.AddRange(Loopback.Contains(host) ? Loopback.Select(loopback => $"{loopback}:{port}") : [$"{host}:{port}"]);

    private static ReferenceKind KindOf(ServiceType type) => type switch
    {
        ServiceType.StaticSite => ReferenceKind.Static,
        ServiceType.WebService => ReferenceKind.Web,
        ServiceType.PrivateService => ReferenceKind.PrivateService,
        ServiceType.BackgroundWorker => ReferenceKind.Worker,
        ServiceType.CronJob => ReferenceKind.Cron,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
