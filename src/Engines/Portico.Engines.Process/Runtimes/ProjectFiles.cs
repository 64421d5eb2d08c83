using System.Text.Json;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runtimes;

/// <summary>
/// Reads small files of a checkout that say how to build it, from the service's root directory or else the repository's. They are
/// read with the account's rights, so that a symbolic link among them reaches only what the account can read.
/// </summary>
internal sealed class ProjectFiles(string directory, string checkout, Account account)
{
    private const string MostBytes = "1000000";
    private readonly Dictionary<string, string?> _read = [];

    public string Directory => directory;

    /// <summary>The account that may read them.</summary>
    public Account Account => account;

    /// <summary>Returns the text of a file; null if it does not exist.</summary>
    public async Task<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(name, out var known))
            return known;
        var path = new[] { directory, checkout }.Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);
        if (path is null)
            return _read[name] = null;
        var answer = await Tool.RunAsync([.. account.Prefix, "head", "-c", MostBytes, "--", path], cancellationToken);
        return _read[name] = answer.Succeeded ? answer.Output : null;
    }

    public bool Has(string name) => File.Exists(Path.Combine(directory, name)) || File.Exists(Path.Combine(checkout, name));

    /// <summary>Returns the first line that is neither empty nor a comment.</summary>
    public async Task<string?> LineAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync(name, cancellationToken))?.Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(line => line.Length > 0 && line[0] != '#');

    /// <summary>Returns a text in a JSON file; null if it is absent or the file is not JSON, which the tool that needs the file will report.</summary>
    public async Task<string?> FieldAsync(string name, string[] path, CancellationToken cancellationToken)
    {
        if (await ReadAsync(name, cancellationToken) is not { } text)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var element = document.RootElement;
            foreach (var field in path)
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(field, out element))
                    return null;
            return element.ValueKind == JsonValueKind.String ? element.GetString()!.Trim() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
