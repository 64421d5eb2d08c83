using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

/// <summary>The batch request of Git LFS: where to download or upload these files.</summary>
/// <param name="Operation"><c>upload</c> or <c>download</c>.</param>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md.</remarks>
public sealed record LfsBatch(string Operation, IReadOnlyList<LfsObject> Objects)
{
    /// <summary>The transfers that the client supports; null for <c>basic</c> only.</summary>
    public IReadOnlyList<string>? Transfers { get; init; }

    public string? HashAlgo { get; init; }
}

/// <param name="Oid">The SHA-256 of the file.</param>
/// <param name="Size">The size in bytes.</param>
public sealed record LfsObject(string Oid, long Size);

public sealed record LfsBatchAnswer(IReadOnlyList<LfsObjectAnswer> Objects)
{
    public string? Transfer { get; init; }

    public string? HashAlgo { get; init; }
}

/// <summary>Without actions and error, there is nothing to do.</summary>
public sealed record LfsObjectAnswer(string Oid, long Size = 0)
{
    public LfsActions? Actions { get; init; }

    public LfsError? Error { get; init; }
}

public sealed record LfsActions
{
    public LfsAction? Download { get; init; }

    public LfsAction? Upload { get; init; }

    /// <summary>The action that the client calls after an upload, with the file's oid and size.</summary>
    public LfsAction? Verify { get; init; }
}

public sealed record LfsAction(string Href)
{
    /// <summary>The headers to send with the request.</summary>
    public IReadOnlyDictionary<string, string>? Header { get; init; }
}

/// <param name="Code">An HTTP status.</param>
public sealed record LfsError(int Code, string Message);

/// <summary>The output of <c>git-lfs-authenticate</c> over ssh.</summary>
public sealed record LfsSshAnswer
{
    public string? Href { get; init; }

    public IReadOnlyDictionary<string, string>? Header { get; init; }
}

/// <remarks>Other servers may send more fields than these.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LfsBatch))]
[JsonSerializable(typeof(LfsBatchAnswer))]
[JsonSerializable(typeof(LfsObject))]
[JsonSerializable(typeof(LfsSshAnswer))]
public sealed partial class LfsJson : JsonSerializerContext
{
    public const string MediaType = "application/vnd.git-lfs+json";
}
