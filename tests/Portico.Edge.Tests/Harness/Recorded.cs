using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portico.Core.Routing;
using Portico.Testing;

namespace Portico.Edge.Tests.Harness;

/// <summary>Reads what an edge has recorded, as the server would.</summary>
internal static class Recorded
{
    public static List<RequestRecord> Requests(this EdgeOptions options) =>
        Read(options.RequestsDirectory, RoutingJson.Default.RequestRecord);

    public static List<TrafficRecord> Traffic(this EdgeOptions options) =>
        Read(options.TrafficDirectory, RoutingJson.Default.TrafficRecord);

    /// <summary>Waits for this many requests, and not more.</summary>
    /// <returns>In the order of their arrival: they are recorded when they end, which a client does not see.</returns>
    public static async Task<List<RequestRecord>> RequestsAsync(this EdgeOptions options, int count)
    {
        List<RequestRecord> records = [];
        await Eventually.TrueAsync(() => (records = options.Requests()).Count >= count, $"{count} requests are recorded");
        Assert.Equal(count, records.Count);
        return [.. records.OrderBy(record => record.Time)];
    }

    public static List<string> Segments(string directory) =>
        Directory.Exists(directory) ? [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal)] : [];

    private static List<T> Read<T>(string directory, JsonTypeInfo<T> type) =>
        [.. Segments(directory).SelectMany(CompleteLines).Select(line => JsonSerializer.Deserialize(line, type)!)];

    private static IEnumerable<string> CompleteLines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n')[..^1];
    }
}
