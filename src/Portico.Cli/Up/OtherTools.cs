namespace Portico.Cli.Up;

/// <summary>Names the files by which other tools deploy a directory: a user who has one of them wonders why it is not read.</summary>
internal static class OtherTools
{
    private static readonly string[] Names =
    [
        "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", "fly.toml", "app.json", "Procfile", "heroku.yml",
        "railway.json", "railway.toml", "vercel.json", "netlify.toml", "app.yaml", "nixpacks.toml", "Dockerfile",
    ];

    /// <returns>A sentence with a space before it; empty when the directory has none of the files.</returns>
    public static string In(string directory)
    {
        var found = Names.Where(name => File.Exists(Path.Combine(directory, name))).ToList();
        return found.Count == 0 ? "" : $" Portico does not read its {string.Join(" and ", found)}.";
    }
}
