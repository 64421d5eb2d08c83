using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Node;

/// <summary>A directory with a <c>package.json</c>, and the commands that it is built and started with.</summary>
internal sealed class NodeApp
{
    private static readonly Regex SimpleStart = Pattern.Of(@"\Anode( --[a-z-]+(=[\w./-]+)?)* [\w./-]+\z");
    private static readonly Regex Development = Pattern.Of(
        @"\b(?:nodemon|ts-node-dev|next dev|nuxt dev|nuxi dev|astro dev|remix dev|vite dev|vite preview|vite start|react-scripts start|ng serve|webpack serve|webpack-dev-server|vue-cli-service serve|gatsby develop|docusaurus start|eleventy --serve|nest start|parcel|expo|electron|http-server|live-server|concurrently)\b|\bvite(?:$| --)|--watch|--hot\b|(?:^|\s|/)serve(?: |$)");
    private static readonly Regex Nodemon = Pattern.Of(@"\Anodemon( -[\w-]+)* ([\w./-]+\.(?:js|mjs|cjs))\z");
    private static readonly Regex PackageName = Pattern.Of(@"\A(?:@[a-zA-Z0-9._-]+/)?[a-zA-Z0-9._-]+\z");
    private static readonly string[] StartScripts = ["start:prod", "start:production", "start", "serve", "server"];

    private readonly Workspace? _workspace;
    private readonly PackageManager _manager;

    private NodeApp(ProjectDirectory directory, PackageFile package)
    {
        (Directory, Package) = (directory, package);
        IsWorkspace = Workspace.In(directory) is not null;
        if (Workspace.Around(directory) is { } workspace && package.Name is not null && PackageName.IsMatch(package.Name) && PackageManager.In(directory, package) is null)
            _workspace = workspace;
        _manager = _workspace?.Manager ?? PackageManager.In(directory, package) ?? PackageManager.Default;
    }

    public ProjectDirectory Directory { get; }

    public PackageFile Package { get; }

    public bool IsMember => _workspace is not null;

    /// <summary>Whether other packages belong to it. Its scripts and tools are then usually for all of them, and not an app.</summary>
    public bool IsWorkspace { get; }

    /// <returns>Null if the directory has no <c>package.json</c> that can be read.</returns>
    public static NodeApp? In(ProjectDirectory directory) => PackageFile.In(directory) is { } package ? new NodeApp(directory, package) : null;

    /// <summary>Returns a static site.</summary>
    /// <param name="publish">The directory with the built files, relative to that of the package.</param>
    public ServiceProposal Site(string framework, string reason, Guess publish, string script = "build") => Common(framework, ServiceType.StaticSite) with
    {
        Runtime = new Guess("static", reason),
        BuildCommand = Build(script),
        PublishPath = publish with { Value = Within(publish.Value) },
    };

    public ServiceProposal Server(string framework, string reason, Guess start, string script = "build") => Common(framework, ServiceType.WebService) with
    {
        Runtime = new Guess("node", reason),
        BuildCommand = Build(script),
        StartCommand = start,
    };

    /// <summary>Returns the command that runs a built file.</summary>
    public Guess RunFile(string path, string reason) => new($"node {Within(path)}", reason);

    /// <summary>Returns the command of the script that starts the app in production; null if there is none.</summary>
    public Guess? Start()
    {
        foreach (var name in StartScripts)
            if (Package.Script(name) is { } script && !Development.IsMatch(script))
                return Run(name, script);
        return Package.Script("start") is { } start && Nodemon.Match(start) is { Success: true } match
            ? RunFile(match.Groups[2].Value, "the script start runs this file with nodemon, which is for development")
            : null;
    }

    private Guess Run(string name, string script)
    {
        if (_workspace is not null)
            return new Guess(_workspace.Manager.RunMember(name, Package.Name!, Directory.From(_workspace.Directory)), $"package.json has the script {name}");
        // A signal reaches node directly then.
        return SimpleStart.IsMatch(script) && Package.Script("pre" + name) is null
            ? new Guess(script, $"this is the script {name} in package.json")
            : new Guess(_manager.Run(name), $"package.json has the script {name}");
    }

    private Guess Build(string script)
    {
        if (Package.Script(script) is null)
            return new Guess(_manager.Install, _manager.Reason);
        var run = _workspace is not null && script == "build"
            ? _workspace.Manager.BuildMember(Package.Name!, Directory.From(_workspace.Directory))
            : _workspace?.Manager.RunMember(script, Package.Name!, Directory.From(_workspace.Directory)) ?? _manager.Run(script);
        return new Guess($"{_manager.Install} && {run}", $"{_manager.Reason}, and package.json has the script {script}");
    }

    private ServiceProposal Common(string framework, ServiceType type)
    {
        var home = _workspace?.Directory ?? Directory;
        return new ServiceProposal
        {
            Framework = framework,
            Type = type,
            Runtime = new Guess("node", ""),
            RootDirectory = home.IsRoot ? null : new Guess(home.Path, "its package.json is there"),
        };
    }

    private string Within(string path) => _workspace is null ? path : $"{Directory.From(_workspace.Directory)}/{path}";
}
