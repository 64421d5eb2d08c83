using System.Text.Json;
using System.Text.Json.Nodes;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Recordings;

/// <summary>A request that Render's Terraform provider sent to Render, and what Render answered. Secrets in it are replaced.</summary>
/// <param name="From">The test of the provider that sent it.</param>
/// <param name="Path">Below <c>/v1</c>, with its query.</param>
/// <param name="Request">Empty for no body.</param>
internal sealed record Recording(string From, string Method, string Path, string Request, int Status, string Response)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNameCaseInsensitive = true };

    public JsonNode? Answer => Response.Length == 0 ? null : JsonNode.Parse(Response);

    /// <summary>The path without the query.</summary>
    public string Place => Path.Split('?')[0];

    /// <summary>The recordings of each test, in the order in which they were made; without the file the test skips, or fails where it must not be missing.</summary>
    public static IReadOnlyList<IGrouping<string, Recording>> RequireFlows() =>
        [.. File.ReadLines(SharedFile.Require("recordings.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Recording>(line, Names)!)
            .GroupBy(recording => recording.From)];
}
