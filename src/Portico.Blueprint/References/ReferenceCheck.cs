using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.References;

/// <summary>Checks that every reference can be resolved and that no chain of references is circular.</summary>
internal sealed class ReferenceCheck
{
    private readonly DiagnosticBag _bag;
    private readonly KnownResources _known;
    private readonly Dictionary<string, ServiceSpec> _services;
    private readonly Dictionary<string, EnvGroupSpec> _groups;
    private readonly HashSet<string> _keyValues;
    private readonly HashSet<string> _databases;
    private readonly EnvKeys _keys;

    private ReferenceCheck(BlueprintFile file, KnownResources known, DiagnosticBag bag)
    {
        _bag = bag;
        _known = known;
        _services = file.AllServices().DistinctBy(item => item.Resource.Name).ToDictionary(item => item.Resource.Name, item => item.Resource);
        _groups = file.AllEnvGroups().DistinctBy(item => item.Resource.Name).ToDictionary(item => item.Resource.Name, item => item.Resource);
        _keyValues = file.AllKeyValues().Select(item => item.Resource.Name).Concat(known.KeyValues).ToHashSet();
        _databases = file.AllDatabases().Select(item => item.Resource.Name).Concat(known.Databases).ToHashSet();
        _keys = new EnvKeys(_services, _groups);
    }

    public static void Check(BlueprintFile file, KnownResources known, DiagnosticBag bag)
    {
        var check = new ReferenceCheck(file, known, bag);
        foreach (var service in file.AllServices())
            foreach (var entry in service.Resource.EnvVars ?? [])
                check.CheckEntry(service.Resource, entry);
        CycleCheck.Check(check._services, check._keys, bag);
    }

    private void CheckEntry(ServiceSpec owner, EnvEntry entry)
    {
        switch (entry)
        {
            case EnvGroupLink link when !_groups.ContainsKey(link.Group) && !_known.EnvGroups.Contains(link.Group):
                Dangling(link.Origin.At("fromGroup"), "environment group", link.Group, _groups.Keys.Concat(_known.EnvGroups));
                break;
            case EnvVar { Value: DatabaseReference reference } variable:
                CheckDatabase(variable.Origin.Into("fromDatabase"), reference.Name, reference.Property);
                break;
            case EnvVar { Value: ServiceReference reference } variable:
                CheckService($"{owner.Name}.{variable.Key}", variable.Origin.Into("fromService"), reference);
                break;
            default:
                break;
        }
    }

    private void CheckDatabase(Origin at, string name, string property)
    {
        if (!_databases.Contains(name))
            Dangling(at.At("name"), "database", name, _databases);
        else
            CheckProperty(at, property, ReferenceProperties.Database, "a database");
    }

    private void CheckService(string from, Origin at, ServiceReference reference)
    {
        if (_services.TryGetValue(reference.Name, out var service))
            CheckTarget(from, at, reference, service);
        else if (_keyValues.Contains(reference.Name))
            CheckStore(at, reference, ReferenceKind.KeyValue, "a Key Value store", ReferenceProperties.KeyValue);
        else if (_known.Services.TryGetValue(reference.Name, out var keys))
            CheckKnown(from, at, reference, keys);
        else if (_databases.Contains(reference.Name))
            CheckStore(at, reference, ReferenceKind.Postgres, "a database", ReferenceProperties.Database);
        else
            Dangling(
                at.At("name"), reference.Kind == ReferenceKind.KeyValue ? "Key Value store" : "service", reference.Name,
                _services.Keys.Concat(_keyValues).Concat(_known.Services.Keys));
    }

    private void CheckTarget(string from, Origin at, ServiceReference reference, ServiceSpec service)
    {
        WarnKind(at, reference, KindOf(service));
        if (reference.Property is { } property)
            CheckServiceProperty(at, property, service);
        else if (reference.EnvVarKey is { } key && !_keys.Has(service, key, _known))
            DanglingKey(from, at, service.Name, key, _keys.Of(service));
        else if (reference.EnvVarKey is "RENDER_EXTERNAL_URL" or "RENDER_EXTERNAL_HOSTNAME" && !IsPublic(service))
            _bag.Error(
                Codes.DanglingReference, at.At("envVarKey"),
                $"'{SafeText.Word(service.Name)}' is {Binding.ServiceBinder.Describe(service.Kind)} and has no public address",
                "use 'property: host' for its address on the private network");
    }

    private static bool IsPublic(ServiceSpec service) => service.Kind is ServiceKind.WebService or ServiceKind.StaticSite;

    private void CheckServiceProperty(Origin at, string property, ServiceSpec service)
    {
        var hasAddress = service.Kind is ServiceKind.WebService or ServiceKind.PrivateService;
        if (hasAddress || !ReferenceProperties.Service.Contains(property))
            CheckProperty(at, property, ReferenceProperties.Service, "a service");
        else
            _bag.Error(
                Codes.InvalidValue, at.At("property"),
                $"'{SafeText.Word(service.Name)}' is {Binding.ServiceBinder.Describe(service.Kind)} and has no {property} on the private network",
                service.Kind == ServiceKind.StaticSite ? "use 'envVarKey: RENDER_EXTERNAL_URL'" : "refer to one of its variables with 'envVarKey'");
    }

    private void CheckStore(Origin at, ServiceReference reference, ReferenceKind kind, string what, IReadOnlyList<string> properties)
    {
        WarnKind(at, reference, kind);
        if (reference.Property is { } property)
            CheckProperty(at, property, properties, what);
        else
            _bag.Error(Codes.InvalidValue, at.At("envVarKey"), $"{what} has no variables", $"use 'property': {SafeText.Words(properties)}");
    }

    private void CheckKnown(string from, Origin at, ServiceReference reference, IReadOnlySet<string> keys)
    {
        if (reference.Property is { } property)
            CheckProperty(at, property, ReferenceProperties.Service, "a service");
        else if (reference.EnvVarKey is { } key && !keys.Contains(key) && !ReferenceProperties.PlatformVariables.Contains(key))
            DanglingKey(from, at, reference.Name, key, keys);
    }

    private void DanglingKey(string from, Origin at, string service, string key, IEnumerable<string> candidates) =>
        _bag.Error(
            Codes.DanglingReference, at.At("envVarKey"),
            $"cannot resolve {SafeText.Word(from)} → {SafeText.Word(service)}.{SafeText.Word(key)}: the service '{SafeText.Word(service)}' has no variable '{SafeText.Word(key)}'",
            _bag.IsFull ? null : Suggest.DidYouMean(key, candidates));

    private void CheckProperty(Origin at, string property, IReadOnlyList<string> properties, string what)
    {
        if (!properties.Contains(property))
            _bag.Error(
                Codes.InvalidValue, at.At("property"), $"{what} has no property '{SafeText.Word(property)}'; use one of {SafeText.Words(properties)}",
                Suggest.DidYouMean(property, properties));
    }

    private void WarnKind(Origin at, ServiceReference reference, ReferenceKind actual)
    {
        if (reference.Kind == actual || (reference.Kind, actual) is (ReferenceKind.Web, ReferenceKind.Static) or (ReferenceKind.Job, ReferenceKind.Cron))
            return;
        var word = Binding.Vocabulary.References.WordOf(actual);
        _bag.Warn(
            Codes.LegacySpelling, at.At("type"),
            $"'{SafeText.Word(reference.Name)}' has type '{word}', not '{Binding.Vocabulary.References.WordOf(reference.Kind)}'", $"write 'type: {word}'");
    }

    private static ReferenceKind KindOf(ServiceSpec service) => service.Kind switch
    {
        ServiceKind.StaticSite => ReferenceKind.Static,
        ServiceKind.WebService => ReferenceKind.Web,
        ServiceKind.PrivateService => ReferenceKind.PrivateService,
        ServiceKind.BackgroundWorker => ReferenceKind.Worker,
        _ => ReferenceKind.Cron,
    };

    private void Dangling(Origin at, string what, string name, IEnumerable<string> candidates) =>
        _bag.Error(
            Codes.DanglingReference, at, $"there is no {what} named '{SafeText.Word(name)}' in this file or on the platform",
            _bag.IsFull ? null : Suggest.DidYouMean(name, candidates));
}
