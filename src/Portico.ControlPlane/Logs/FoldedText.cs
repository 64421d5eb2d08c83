using System.Text;

namespace Portico.ControlPlane.Logs;

/// <summary>A text in UTF-8 as it is stored, and a copy with ASCII letters in upper case. One buffer serves any number of texts.</summary>
internal sealed class FoldedText
{
    private byte[] _text = new byte[1024], _folded = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Folded => _folded.AsSpan(0, _length);

    public void Set(ReadOnlySpan<byte> utf8)
    {
        Grow(utf8.Length);
        utf8.CopyTo(_text);
        Fold(utf8.Length);
    }

    public void Set(string text)
    {
        Grow(Encoding.UTF8.GetMaxByteCount(text.Length));
        Fold(Encoding.UTF8.GetBytes(text, _text));
    }

    public override string ToString() => Encoding.UTF8.GetString(_text.AsSpan(0, _length));

    private void Grow(int length)
    {
        if (_text.Length >= length)
            return;
        (_text, _folded) = (new byte[length], new byte[length]);
    }

    private void Fold(int length)
    {
        _length = length;
        for (var at = 0; at < length; at++)
        {
            Ascii.ToUpper(_text.AsSpan(at, length - at), _folded.AsSpan(at), out var written);
            at += written;
            if (at < length)
                _folded[at] = _text[at];
        }
    }
}
