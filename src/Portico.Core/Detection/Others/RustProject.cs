using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>A Rust package with a framework for web servers. See https://render.com/docs/deploy-rocket-rust.</summary>
internal static class RustProject
{
    private const string FileName = "Cargo.toml";
    private static readonly (string Package, string Name)[] Frameworks =
    [
        ("rocket", "Rocket"), ("actix-web", "Actix Web"), ("axum", "Axum"), ("warp", "warp"), ("poem", "Poem"), ("salvo", "Salvo"), ("tide", "Tide"),
        ("loco-rs", "Loco"), ("hyper", "hyper"), ("tonic", "tonic"),
    ];

    private static readonly Regex Name = Pattern.Of(@"\A[\w-]+\z");

    public static ServiceProposal? Detect(ProjectDirectory directory)
    {
        if (directory.Read(FileName) is not { } text)
            return null;
        var project = new TomlText(text);
        var dependencies = project.Keys("dependencies").ToHashSet(StringComparer.Ordinal);
        var (package, framework) = Frameworks.FirstOrDefault(item => dependencies.Contains(item.Package) || project.Has($"dependencies.{item.Package}"));
        if (package is null || project.Value("package", "name") is not { } crate || !Name.IsMatch(crate) || Binary(directory, project, crate) is not { } binary)
            return null;
        var workspace = directory.Around().FirstOrDefault(outer => new TomlText(outer.Read(FileName)).Has("workspace"));
        return new ServiceProposal
        {
            Framework = framework!,
            Type = ServiceType.WebService,
            Runtime = new Guess("rust", $"Cargo.toml has the dependency {package}"),
            RootDirectory = (workspace ?? directory) is { IsRoot: false } home ? new Guess(home.Path, "its Cargo.toml is there") : null,
            BuildCommand = new Guess($"cargo build --release{(workspace is null ? "" : $" --package {crate}")}", "there is a Cargo.toml"),
            StartCommand = new Guess($"./target/release/{binary}", $"Cargo.toml has the program {binary}"),
            Variables = [.. Variables(directory, package)],
            HealthCheckPath = CodeText.HealthPath(directory.Read("src/main.rs")) is { } path ? new Guess(path, "src/main.rs serves it") : null,
        };
    }

    private static string? Binary(ProjectDirectory directory, TomlText project, string crate)
    {
        var name = project.Value("package", "default-run") ?? project.Value("bin", "name") ?? (directory.Has("src/main.rs") ? crate : null);
        return name is not null && Name.IsMatch(name) ? name : null;
    }

    // The port is in ROCKET_PORT, which the platform sets.
    private static IEnumerable<VariableProposal> Variables(ProjectDirectory directory, string package)
    {
        if (package == "rocket" && directory.Read("Rocket.toml")?.Contains("0.0.0.0", StringComparison.Ordinal) != true)
            yield return new VariableProposal("ROCKET_ADDRESS", VariableSource.Literal, "0.0.0.0", "Rocket listens on localhost only, unless this is set");
    }
}
