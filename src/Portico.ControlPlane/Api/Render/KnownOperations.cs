using Portico.ControlPlane.Api.Requests;

namespace Portico.ControlPlane.Api.Render;

/// <summary>An operation of Render's API, whether or not Portico implements it.</summary>
/// <param name="Path">The path below <c>/v1</c>, as in Render's OpenAPI document: <c>/services/{serviceId}</c>.</param>
internal sealed record KnownOperation(string Method, string Path, string Id)
{
    private readonly string[] _segments = Path.Split('/');

    internal int Parameters => _segments.Count(IsParameter);

    internal bool IsAt(string[] segments) => segments.Length == _segments.Length
        && _segments.Zip(segments).All(pair => IsParameter(pair.First) ? pair.Second.Length > 0 : pair.First == pair.Second);

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}

/// <summary>All operations of Render's API.</summary>
internal static class KnownOperations
{
    // Read when something asks: a request to what does not exist, or the page that lists them.
    private static readonly Lazy<IReadOnlyList<KnownOperation>> Read = new(ReadAll);

    public static IReadOnlyList<KnownOperation> All => Read.Value;

    /// <param name="path">The requested path below <c>/v1</c>.</param>
    /// <returns>The operations that Render has at this path, for any method.</returns>
    public static IReadOnlyList<KnownOperation> At(string path)
    {
        var segments = path.Split('/');
        var found = All.Where(operation => operation.IsAt(segments)).ToLookup(operation => operation.Parameters);
        // As in routing: a literal segment wins over a parameter.
        return found.Count == 0 ? [] : [.. found.MinBy(group => group.Key)!];
    }

    private static List<KnownOperation> ReadAll()
    {
        using var lines = new StreamReader(typeof(KnownOperations).Assembly.GetManifestResourceStream("operations.tsv")!);
        var operations = new List<KnownOperation>();
        while (lines.ReadLine()?.Split('\t') is [var method, var path, var id])
            operations.Add(new KnownOperation(method, path, id));
        return operations;
    }
}
