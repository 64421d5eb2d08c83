using System.Globalization;
using System.Text;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.ControlPlane.Logs;

/// <summary>The requests that the edge answered, as log lines.</summary>
/// <param name="folder">The folder of the edge's segments (<see cref="EdgeSegments"/>).</param>
internal sealed class RequestFeed(string folder, TimeProvider time) : ILogFeed
{
    private const int LargestPiece = 256 * 1024;
    private static readonly TimeSpan Old = TimeSpan.FromSeconds(10);

    private readonly byte[] _buffer = new byte[LargestPiece];

    public bool IsOrdered => true;

    public IReadOnlyList<FeedSource> List()
    {
        var numbers = DirectoryEntries.Files(folder).Select(EdgeSegments.NumberOf).OfType<long>().Order().ToList();
        return [.. numbers.Select(number => new Segment(number, Ended: number != numbers[^1]))];
    }

    public Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, EdgeSegments.FileName(((Segment)source).Number));
        var read = Read(path, ref position);
        // What stands after the last line break is still being written, or was torn by a crash: no line in either case.
        var whole = _buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        // No record is this long: something else is in the file, and must not stop what comes after it.
        if (whole == 0 && read == LargestPiece)
            whole = read;
        var lines = new List<NewLog>();
        foreach (var range in _buffer.AsSpan(0, whole).Split((byte)'\n'))
            if (Parse(_buffer.AsSpan(0, whole)[range]) is { } record)
                lines.Add(ToLog(record));
        var isBehind = read == LargestPiece && lines is [.., var last] && last.At < LogTime.From(time.GetUtcNow() - Old);
        return Task.FromResult(new FeedPiece(lines, position + whole, isBehind));
    }

    private int Read(string path, ref long position)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // Shorter than before: somebody removed the folder, and the numbers began anew.
            if (RandomAccess.GetLength(file) < position)
                position = 0;
            return RandomAccess.Read(file, _buffer, position);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static RequestRecord? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return line.IsEmpty ? null : JsonSerializer.Deserialize(line, RoutingJson.Default.RequestRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static NewLog ToLog(RequestRecord request)
    {
        var path = Printable(request.Path);
        var method = Methods.Contains(request.Method) ? request.Method : OtherMethod;
        var labels = new LogLabels
        {
            Resource = request.ServiceId,
            Type = LogType.Request,
            Level = request.Status >= 500 ? LogSeverity.Error : LogSeverity.Info,
            Instance = request.InstanceId,
            Host = request.Host,
            StatusCode = request.Status.ToString(CultureInfo.InvariantCulture),
            Method = method,
        };
        return new NewLog(LogTime.From(request.Time), labels, Message(request, path), path);
    }

    /// <summary>Replaces unknown methods. Clients can invent methods, and each label set is stored, so their number must be limited.</summary>
    private const string OtherMethod = "OTHER";

    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "QUERY"];

    private static string Message(RequestRecord request, string path) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{Printable(request.Method)}] {request.Status} {path} clientIP=\"{request.Client}\" requestID=\"{Printable(request.RequestId)}\" responseTimeMS={request.DurationMicroseconds / 1000.0:0.###} responseBytes={request.BytesOut}");

    /// <summary>Removes characters that would look like another line or control a terminal.</summary>
    private static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var escaped = new StringBuilder();
        foreach (var character in text)
            if (char.IsControl(character))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                escaped.Append(character);
        return escaped.ToString();
    }

    private sealed record Segment(long Number, bool Ended) : FeedSource($"request:{EdgeSegments.FileName(Number)}", Ended);
}
