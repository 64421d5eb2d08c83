using System.Text.Json;
using Portico.Hosting;

namespace Portico.Engines.Process.Network;

/// <summary>Runs nft.</summary>
/// <param name="file">Where the commands are written for it. They can be longer than an argument.</param>
internal sealed class PacketFilter(string nft, string file)
{
    /// <summary>Carries out commands in one transaction: all, or none.</summary>
    /// <exception cref="IOException">It refused.</exception>
    public async Task ApplyAsync(string commands, CancellationToken cancellationToken)
    {
        DurableFile.WriteUnflushed(file, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(commands)), DurableFile.Private);
        var applied = await Tool.RunAsync([nft, "-f", file], cancellationToken);
        if (!applied.Succeeded)
            throw new IOException(applied.Error.Split('\n')[0]);
    }

    /// <summary>Lists all rules of the machine, without the elements of sets.</summary>
    /// <exception cref="IOException">It refused.</exception>
    public async Task<JsonElement> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await Tool.RunAsync([nft, "-j", "-a", "-t", "list", "ruleset"], cancellationToken);
        return Parse(listed) ?? throw new IOException($"The packet filter cannot be read: {listed.Error.Split('\n')[0]}");
    }

    /// <summary>Parses what nft printed, which may begin with warnings.</summary>
    /// <returns>Null if it failed.</returns>
    public static JsonElement? Parse(ToolResult listed) => listed.Succeeded && listed.Output.IndexOf('{', StringComparison.Ordinal) is var start && start >= 0
        ? JsonElement.Parse(listed.Output[start..])
        : null;

    /// <summary>Returns the content of one table as text, to be compared with that of another time; empty if the table does not exist.</summary>
    public static string ContentOf(JsonElement ruleset, string table)
    {
        var items = ruleset.GetProperty("nftables").EnumerateArray()
            .Where(item => item.EnumerateObject().Any(kind => kind.Value.ValueKind == JsonValueKind.Object
                && kind.Value.TryGetProperty(kind.Name == "table" ? "name" : "table", out var name) && name.GetString() == table));
        return string.Join('\n', items.Select(item => item.GetRawText()));
    }
}
