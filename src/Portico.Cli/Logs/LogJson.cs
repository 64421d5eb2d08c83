using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portico.Cli.Logs;

/// <summary>One line of <c>logs --json</c>.</summary>
/// <param name="Timestamp">In UTC.</param>
/// <param name="Level"><c>debug info warning error</c>.</param>
/// <param name="Source">The instance, job or deploy that wrote it.</param>
internal sealed record LogItem(DateTimeOffset? Timestamp, string? Level, string Source, string Text);

/// <summary>Unlike the other output for scripts, each object is on one line, so that a script can read while the log is followed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LogItem))]
internal sealed partial class LogJson : JsonSerializerContext
{
    /// <inheritdoc cref="Rendering.CliJson.Readable"/>
    public static LogJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { TypeInfoResolver = null, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
