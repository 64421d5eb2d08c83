using Portico.Core.Detection.Files;
using Portico.Core.Detection.Node;
using Portico.Core.Detection.Others;
using Portico.Core.Detection.Python;
using Portico.Core.Services;

namespace Portico.Core.Detection;

/// <summary>
/// Proposes the services of a project from the names of its files and the manifests among them. It runs nothing, and every
/// proposal is a guess with its reason.
/// </summary>
/// <remarks>
/// <code>
/// .NET projects, anywhere ─┐
/// root directory ──────────┼─► directories below, where none is inside of an app ─► names
/// nothing found: plain HTML, then a Dockerfile
/// </code>
/// </remarks>
public static class ProjectDetector
{
    private const int Deepest = 3, MostDirectories = 2000, MostServices = 20;

    /// <summary>Directories beside an app in the root that are apps of their own.</summary>
    private static readonly HashSet<string> Siblings = new(StringComparer.OrdinalIgnoreCase)
    {
        "frontend", "front-end", "client", "web", "webapp", "ui", "dashboard", "admin", "backend", "back-end", "server", "api",
    };

    /// <param name="name">The name of the project, for a service in its root.</param>
    public static ProjectProposal Detect(ProjectTree tree, string name)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(name);
        var found = DotnetProjects.Detect(tree.Root).ToList();
        found.AddRange(Below(tree.Root, found.ConvertAll(item => item.Directory)));
        if (found.Count == 0 && Pages(tree.Root) is { } other)
            found.Add(other);
        var ordered = found.OrderBy(item => item.Directory.Path, StringComparer.Ordinal).Take(MostServices);
        return new ProjectProposal(ServiceNames.Give(ordered, name), tree.IsEmpty, tree.IsCut);
    }

    private static IEnumerable<(ProjectDirectory Directory, ServiceProposal Proposal)> Below(ProjectDirectory root, List<ProjectDirectory> taken)
    {
        var rootApp = taken.Contains(root) ? null : App(root);
        if (rootApp is not null)
            yield return (root, rootApp);
        var isTaken = rootApp is not null || taken.Contains(root);
        var waiting = new Queue<(ProjectDirectory Directory, int Depth)>(
            root.Directories.Where(directory => !isTaken || IsApart(root, directory)).Select(directory => (directory, 1)));
        for (var looked = 0; looked < MostDirectories && waiting.TryDequeue(out var next); looked++)
        {
            if (taken.Contains(next.Directory))
                continue;
            if (App(next.Directory) is { } app)
                yield return (next.Directory, app);
            else if (next.Depth < Deepest && !isTaken)
                foreach (var directory in next.Directory.Directories)
                    waiting.Enqueue((directory, next.Depth + 1));
        }
    }

    /// <summary>Whether a directory beside an app is another app: by its name, and unless the app's own scripts deal with it.</summary>
    private static bool IsApart(ProjectDirectory root, ProjectDirectory directory) =>
        Siblings.Contains(directory.Name)
        && PackageFile.In(root)?.Scripts.Any(script => script.Contains(directory.Name, StringComparison.OrdinalIgnoreCase)) != true;

    private static ServiceProposal? App(ProjectDirectory directory)
    {
        var node = NodeApp.In(directory);
        return In(directory, RailsFramework.Detect(directory)) ?? In(directory, PhoenixFramework.Detect(directory))
            ?? (node is null ? null : NodeDetector.FullStack(node))
            ?? In(directory, PythonDetector.Detect(directory)) ?? In(directory, GoProject.Detect(directory))
            ?? (node is null ? null : NodeDetector.Detect(node)) ?? RustProject.Detect(directory);
    }

    private static (ProjectDirectory, ServiceProposal)? Pages(ProjectDirectory root) =>
        PlainSite.Detect(root) is { } site ? (root, site) : DockerProject.Detect(root) is { } image ? (root, image) : null;

    private static ServiceProposal? In(ProjectDirectory directory, ServiceProposal? proposal) => proposal is null || directory.IsRoot
        ? proposal
        : proposal with { RootDirectory = new Guess(directory.Path, proposal.Type == ServiceType.StaticSite ? "its pages are there" : "its files are there") };
}
