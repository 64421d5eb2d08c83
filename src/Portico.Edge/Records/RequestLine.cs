using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Portico.Core.Routing;

namespace Portico.Edge.Records;

/// <summary>Writes a record as its serializer would, without allocating: this is done for every request.</summary>
internal ref struct RequestLine
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(character => character is not ('"' or '\\'))]);

    private Span<byte> _room;
    private int _length;
    private bool _full;

    /// <returns>False when the whole line does not fit.</returns>
    public static bool TryWrite(RequestRecord record, Span<byte> room, out int length)
    {
        var line = new RequestLine { _room = room };
        line.Add("{\"time\":\"", record.Time.UtcDateTime);
        line.Add("\",\"serviceId\":\"", record.ServiceId);
        line.Add("\",\"host\":\"", record.Host);
        line.Add("\",\"method\":\"", record.Method);
        line.Add("\",\"path\":\"", record.Path);
        line.Add("\",\"status\":", record.Status);
        line.Add(",\"durationMicroseconds\":", record.DurationMicroseconds);
        line.Add(",\"bytesIn\":", record.BytesIn);
        line.Add(",\"bytesOut\":", record.BytesOut);
        if (record.InstanceId is { } instance)
            line.Add(",\"instanceId\":\"", instance);
        line.Add(record.InstanceId is null ? ",\"requestId\":\"" : "\",\"requestId\":\"", record.RequestId);
        line.Add("\",\"client\":\"", record.Client);
        line.Add("\"}\n");
        length = line._length;
        return !line._full;
    }

    private void Add(ReadOnlySpan<char> name, string text)
    {
        Add(name);
        // The client chose some of it: characters that would end the string or be invalid in it are escaped.
        Add(text.AsSpan().ContainsAnyExcept(Plain) ? JavaScriptEncoder.Default.Encode(text) : text);
    }

    private void Add(ReadOnlySpan<char> name, long number)
    {
        Add(name);
        Count(number.TryFormat(_room[_length..], out var count, default, CultureInfo.InvariantCulture), count);
    }

    private void Add(ReadOnlySpan<char> name, DateTime time)
    {
        Add(name);
        Count(time.TryFormat(_room[_length..], out var count, "O", CultureInfo.InvariantCulture), count);
    }

    private void Add(ReadOnlySpan<char> text) => Count(Encoding.UTF8.TryGetBytes(text, _room[_length..], out var count), count);

    private void Count(bool fitted, int count)
    {
        _length += fitted ? count : 0;
        _full |= !fitted;
    }
}
