using System.Text.RegularExpressions;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>
/// Which folder of the control plane may use which, read from the <c>using</c> lines. A folder may use those above it in the
/// list. To need one below is a sign that something stands in the wrong layer; moving a folder is a decision.
/// </summary>
public sealed partial class ControlPlaneLayerTests
{
    private const string Root = "Portico.ControlPlane";

    /// <summary>From the bottom to the top.</summary>
    private static readonly (string Layer, string[] Folders)[] Layers =
    [
        ("state", ["Background", "Refusals", "State"]),
        ("telemetry", ["Logs", "Metrics"]),
        ("shared by features", ["Access", "Outbound", "Sources", "Sites", "Running"]),
        ("features", ["Projects", "Networks", "Domains", "Notifications", "KeyValue", "DataStores", "Deploys", "Jobs", "Services", "Shells", "Routing", "Sleep", "Autoscaling", "Blueprints", "Code", "Detection", "Git", "Platform"]),
        ("API", ["Api"]),
    ];

    private static readonly List<string> Order = [.. Layers.SelectMany(layer => layer.Folders)];

    [Fact]
    public void Every_folder_is_in_a_layer() => Assert.Equal(
        Order.Order(), Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)!).Where(name => name is not ("bin" or "obj")).Order());

    [Fact]
    public void Folders_use_only_what_is_below_them()
    {
        var upwards = Arrows().Where(arrow => Order.IndexOf(arrow.To) > Order.IndexOf(arrow.From))
            .Select(arrow => $"{arrow.File} ({arrow.From}) uses {arrow.To}").Order();

        Assert.Empty(upwards);
    }

    [Fact]
    public void No_namespaces_depend_on_each_other()
    {
        var uses = Files().GroupBy(NamespaceOf).ToDictionary(files => files.Key, files => files
            .SelectMany(file => NamespaceUsing().Matches(File.ReadAllText(file)).Select(NamespaceIn))
            .Where(used => used != files.Key && used.StartsWith(Root + ".", StringComparison.Ordinal)).ToHashSet());
        var cycle = uses.Keys.Where(name => name != Root).Select(name => PathBack(uses, name)).FirstOrDefault(path => path is not null);

        Assert.True(cycle is null, $"These namespaces depend on each other: {string.Join(" → ", cycle ?? [])}");
    }

    /// <summary>A static using or an alias names a type.</summary>
    private static string NamespaceIn(Match line)
    {
        var name = line.Groups[2].Value;
        return line.Groups[1].Length > 0 ? name[..name.LastIndexOf('.')] : name;
    }

    /// <returns>The namespaces on the way from this one back to it; null when there is none.</returns>
    private static List<string>? PathBack(Dictionary<string, HashSet<string>> uses, string start)
    {
        var (seen, paths) = (new HashSet<string>(), new Queue<List<string>>([[start]]));
        while (paths.TryDequeue(out var path))
            foreach (var next in uses.GetValueOrDefault(path[^1]) ?? [])
            {
                if (next == start)
                    return [.. path, start];
                if (seen.Add(next))
                    paths.Enqueue([.. path, next]);
            }
        return null;
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var others = Files().Where(file => Namespace().Match(File.ReadAllText(file)).Groups[1].Value != NamespaceOf(file))
            .Select(file => Path.GetRelativePath(Folder, file));

        Assert.Empty(others);
    }

    [Fact]
    public void Only_the_API_answers_HTTP()
    {
        // An endpoint takes its caller as a parameter: the one type of a feature that binds itself to a request.
        string[] exceptions = ["Access/Caller.cs"];
        var users = Files().Where(file => FolderOf(file) is not ("Api" or "") && HttpUsing().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Except(exceptions);

        Assert.Empty(users);
    }

    private static string Folder => SourceTree.PathOf("src", Root);

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Migrations/", StringComparison.Ordinal));

    private static IEnumerable<(string File, string From, string To)> Arrows() =>
        from file in Files()
        let own = FolderOf(file)
        where own.Length > 0
        from Match line in Using().Matches(File.ReadAllText(file))
        let used = line.Groups[1].Value
        where used != own
        select (Path.GetRelativePath(Folder, file), own, used);

    private static string FolderOf(string file) =>
        Path.GetRelativePath(Folder, file).Split('/') is { Length: > 1 } parts ? parts[0] : "";

    private static string NamespaceOf(string file) =>
        string.Join('.', [Root, .. Path.GetRelativePath(Folder, Path.GetDirectoryName(file)!).Split('/').Where(part => part != ".")]);

    [GeneratedRegex(@"^using (?:static |\w+ = )?Portico\.ControlPlane\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^using (static |\w+ = )?(Portico\.ControlPlane[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex NamespaceUsing();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using Microsoft\.AspNetCore\.(?!DataProtection)", RegexOptions.Multiline)]
    private static partial Regex HttpUsing();
}
