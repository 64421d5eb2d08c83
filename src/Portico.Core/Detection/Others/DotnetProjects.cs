using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>The ASP.NET Core apps and .NET workers of a whole repository: their projects refer to each other across directories.</summary>
internal static class DotnetProjects
{
    private const int MostProjects = 200, Deepest = 6;
    private static readonly Regex Sdk = Pattern.Of(@"<Project[^>]*\bSdk=""([\w.]+)");
    private static readonly Regex Executable = Pattern.Of(@"<OutputType>\s*Exe\s*</OutputType>", ignoreCase: true);
    private static readonly Regex Test = Pattern.Of(@"Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true", ignoreCase: true);
    private static readonly Regex AssemblyName = Pattern.Of(@"<AssemblyName>\s*([\w.-]+)\s*</AssemblyName>");
    private static readonly Regex FileName = Pattern.Of(@"\A([\w.-]+)\.(?:csproj|fsproj|vbproj)\z");
    private static readonly Regex Health = Pattern.Of(@"(?:Map|Use)HealthChecks\(\s*""(/[\w./-]*)""");
    private static readonly string[] EntryFiles = ["Program.cs", "Startup.cs"];
    private static readonly string[] SharedFiles = ["Directory.Packages.props", "Directory.Build.props", "Directory.Build.targets", "NuGet.config", "nuget.config"];

    /// <summary>Returns each app with the directory of its project.</summary>
    public static IEnumerable<(ProjectDirectory Directory, ServiceProposal Proposal)> Detect(ProjectDirectory root)
    {
        var projects = root.WithBelow(Deepest)
            .SelectMany(directory => directory.Names.Select(name => (directory, name, Stem: FileName.First(name))))
            .Where(item => item.Stem is not null).Take(MostProjects).ToList();
        foreach (var (directory, name, stem) in projects)
            if (directory.Read(name) is { } text && TypeOf(directory, text) is { } type)
                yield return (directory, Propose(directory, name, AssemblyName.First(text) ?? stem!, text, type));
    }

    private static ServiceType? TypeOf(ProjectDirectory directory, string project) => Test.IsMatch(project) ? null : Sdk.First(project) switch
    {
        "Microsoft.NET.Sdk.Web" => ServiceType.WebService,
        "Microsoft.NET.Sdk.Worker" => ServiceType.BackgroundWorker,
        // A program with a Dockerfile is meant to run somewhere; others are tools.
        "Microsoft.NET.Sdk" when Executable.IsMatch(project) && directory.Has("Dockerfile") => ServiceType.BackgroundWorker,
        _ => null,
    };

    private static ServiceProposal Propose(ProjectDirectory directory, string file, string assembly, string project, ServiceType type)
    {
        var needsMore = project.Contains("<ProjectReference", StringComparison.Ordinal) || directory.Around().Any(outer => SharedFiles.Any(outer.Has));
        var isAlone = directory.Names.Count(name => FileName.IsMatch(name)) == 1;
        var home = needsMore ? null : directory;
        var path = home is null ? $" {directory.From(Outermost(directory), file)}" : isAlone ? "" : $" {file}";
        return new ServiceProposal
        {
            Framework = type == ServiceType.WebService ? "ASP.NET Core" : ".NET",
            Type = type,
            Runtime = new Guess("dotnet", type == ServiceType.WebService ? $"{file} uses Microsoft.NET.Sdk.Web" : $"{file} is a program without a web server"),
            RootDirectory = home is { IsRoot: false } ? new Guess(home.Path, "its project is there and needs no other directory") : null,
            BuildCommand = new Guess($"dotnet publish{path} -c Release -o out", $"there is a {file}"),
            StartCommand = new Guess($"dotnet out/{assembly}.dll", "the build writes this file"),
            HealthCheckPath = type == ServiceType.WebService ? HealthCheck(directory) : null,
        };
    }

    private static ProjectDirectory Outermost(ProjectDirectory directory) => directory.Around().LastOrDefault() ?? directory;

    private static Guess? HealthCheck(ProjectDirectory directory) =>
        EntryFiles.Select(name => Health.First(directory.Read(name)) is { } path ? new Guess(path, $"{name} serves its health checks there") : null)
            .FirstOrDefault(found => found is not null);
}
