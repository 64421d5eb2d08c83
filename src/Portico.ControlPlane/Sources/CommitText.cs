using System.Globalization;
using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Reads the content of a commit object.</summary>
/// <remarks>
/// <code>
/// tree ID
/// author NAME &lt;EMAIL> SECONDS ZONE
/// committer NAME &lt;EMAIL> SECONDS ZONE
/// encoding NAME                           only if the message is not UTF-8
///
/// MESSAGE
/// </code>
/// </remarks>
internal static class CommitText
{
    /// <summary>A commit with more bytes is described without its message.</summary>
    public const int LargestCommit = 1 << 20;

    private const int LongestMessage = 10_000;

    private const string Committer = "committer ", OtherEncoding = "encoding ";

    /// <returns>Null for unusual commits, which only Git itself reads correctly: with another encoding, or with irregular lines.</returns>
    public static CommitDescription? Parse(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf("\n\n"u8);
        if (end < 0)
            return null;
        var lines = Encoding.UTF8.GetString(content[..end]).Split('\n');
        var committer = Array.Find(lines, line => line.StartsWith(Committer, StringComparison.Ordinal));
        if (committer is null || Array.Exists(lines, line => line.StartsWith(OtherEncoding, StringComparison.Ordinal)))
            return null;
        var date = committer[(committer.LastIndexOf('>') + 1)..].Split(' ');
        return date is ["", var seconds, _] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? Describe(Encoding.UTF8.GetString(content[(end + 2)..]), time) : null;
    }

    /// <summary>Shortens a message that is too long to be shown, and moves a date that is none to the nearest one.</summary>
    /// <param name="seconds">Since 1970.</param>
    public static CommitDescription Describe(string message, long seconds)
    {
        var text = message.Trim();
        var time = Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return new CommitDescription(text.Length > LongestMessage ? text[..LongestMessage] : text, DateTimeOffset.FromUnixTimeSeconds(time));
    }
}
