using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Rules;

/// <summary>Checks that resources of one kind have different names, and that services and Key Value stores have different addresses.</summary>
internal static class UniqueNames
{
    public static void Check(BlueprintFile file, DiagnosticBag bag)
    {
        var addressed = file.AllServices().Select(item => (item.Resource.Name, item.Resource.Origin))
            .Concat(file.AllKeyValues().Select(item => (item.Resource.Name, item.Resource.Origin)))
            .OrderBy(item => item.Origin.Line).ToList();
        CheckNames("services", addressed, bag);
        CheckNames("databases", file.AllDatabases().Select(item => (item.Resource.Name, item.Resource.Origin)), bag);
        CheckNames("environment groups", file.AllEnvGroups().Select(item => (item.Resource.Name, item.Resource.Origin)), bag);
        CheckNames("projects", (file.Projects ?? []).Select(item => (item.Name, item.Origin)), bag);
        foreach (var project in file.Projects ?? [])
            CheckNames("environments", project.Environments.Select(item => (item.Name, item.Origin)), bag);
        CheckAddresses(addressed, bag);
    }

    private static void CheckNames(string what, IEnumerable<(string Name, Origin Origin)> items, DiagnosticBag bag)
    {
        var first = new Dictionary<string, Origin>(StringComparer.Ordinal);
        foreach (var (name, origin) in items)
            if (!first.TryAdd(name, origin))
                bag.Error(
                    Codes.DuplicateName, origin.At("name"),
                    $"two {what} are named '{SafeText.Word(name)}' (lines {first[name].At("name").Line} and {origin.At("name").Line})",
                    "rename one of them");
    }

    private static void CheckAddresses(List<(string Name, Origin Origin)> items, DiagnosticBag bag)
    {
        var first = new Dictionary<string, (string Name, Origin Origin)>(StringComparer.Ordinal);
        foreach (var (name, origin) in items)
        {
            if (NameRules.Resource(name) is not null)
                continue;
            var slug = Slug.Of(name);
            if (slug != name)
                bag.Warn(Codes.AddressChanged, origin.At("name"), $"'{name}' gets the address '{slug}'", $"write 'name: {slug}'");
            if (!first.TryAdd(slug, (name, origin)) && first[slug].Name != name)
                bag.Error(
                    Codes.DuplicateName, origin.At("name"),
                    $"'{first[slug].Name}' (line {first[slug].Origin.At("name").Line}) and '{name}' (line {origin.At("name").Line}) "
                    + $"would share the address '{slug}'",
                    "rename one of them");
        }
    }
}
