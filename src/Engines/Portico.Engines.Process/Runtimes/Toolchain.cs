namespace Portico.Engines.Process.Runtimes;

/// <summary>How the engine detects one runtime.</summary>
/// <param name="Programs">The names of the runtime's program. The first one found is used.</param>
/// <param name="VersionArguments">Arguments that make the program print its version.</param>
/// <param name="RenderDefault">The version that Render uses for a project that requests none; null if Render does not have the runtime.</param>
/// <remarks>Render's versions are as of August 2026: https://github.com/render-oss/skills.</remarks>
internal sealed record Toolchain(
    string Name, IReadOnlyList<string> Programs, IReadOnlyList<string> VersionArguments, string Install, string? RenderDefault = null)
{
    public const string Static = "static", Postgres = "postgres", KeyValue = "keyvalue", Python = "python", Node = "node";

    public static IReadOnlyList<Toolchain> All { get; } =
    [
        new(Node, ["node", "nodejs"], ["--version"], "apt-get install nodejs npm", "24.14.1"),
        new(Python, ["python3"], ["--version"], "apt-get install python3 python3-pip python3-venv", "3.14.3"),
        new("ruby", ["ruby"], ["--version"], "apt-get install ruby-full build-essential", "3.4.4"),
        new("go", ["go"], ["version"], "apt-get install golang", "the newest"),
        new("rust", ["cargo"], ["--version"], "apt-get install cargo", "the newest"),
        new("elixir", ["elixir"], ["--short-version"], "apt-get install elixir", "1.18.4"),
        new("dotnet", ["dotnet"], ["--list-sdks"], "install the .NET SDK for all users, for example in /usr/share/dotnet"),
        new("bun", ["bun"], ["--version"], "npm install --global bun"),
        new(KeyValue, ["valkey-server", "redis-server"], ["--version"], "apt-get install redis-server"),
    ];

    /// <summary>Names that work with every server of a kind, whatever its program is called.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Aliases { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["keyvalue-server"] = ["valkey-server", "redis-server"],
        ["keyvalue-cli"] = ["valkey-cli", "redis-cli"],
    };

    /// <summary>For the build log: where the version comes from if the project asks for none, and what it would be on Render.</summary>
    public static string WithoutRequest(string name, string? variable)
    {
        var render = All.FirstOrDefault(toolchain => toolchain.Name == name)?.RenderDefault;
        string[] parts =
        [
            "the machine's", .. render is null ? Array.Empty<string>() : [$"on Render {render}"],
            .. variable is null ? Array.Empty<string>() : [$"set {variable} to choose another one"],
        ];
        return string.Join("; ", parts);
    }
}
