namespace Portico.Engines.Process.Runtimes;

/// <summary>How to recognize one runtime.</summary>
/// <param name="Programs">Any of these is the runtime; the first that is found counts.</param>
/// <param name="VersionArguments">Makes the program print its version.</param>
internal sealed record Toolchain(string Name, IReadOnlyList<string> Programs, IReadOnlyList<string> VersionArguments, string Install)
{
    public const string Static = "static", Postgres = "postgres", KeyValue = "keyvalue", Python = "python", Node = "node";

    public static IReadOnlyList<Toolchain> All { get; } =
    [
        new(Node, ["node", "nodejs"], ["--version"], "apt-get install nodejs npm"),
        new(Python, ["python3"], ["--version"], "apt-get install python3 python3-pip python3-venv"),
        new("ruby", ["ruby"], ["--version"], "apt-get install ruby-full build-essential"),
        new("go", ["go"], ["version"], "apt-get install golang"),
        new("rust", ["cargo"], ["--version"], "apt-get install cargo"),
        new("elixir", ["elixir"], ["--short-version"], "apt-get install elixir"),
        new("dotnet", ["dotnet"], ["--list-sdks"], "install the .NET SDK for all users, for example in /usr/share/dotnet"),
        new("bun", ["bun"], ["--version"], "npm install --global bun"),
        new(KeyValue, ["valkey-server", "redis-server"], ["--version"], "apt-get install redis-server"),
    ];

    /// <summary>Names that work wherever a server of the kind is installed, whatever it is called there.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Aliases { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["keyvalue-server"] = ["valkey-server", "redis-server"],
        ["keyvalue-cli"] = ["valkey-cli", "redis-cli"],
    };

    public const string PostgresDirectory = "/usr/lib/postgresql";
    public const string PostgresInstall = "apt-get install postgresql";
}
