using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>A public key. Only its type and its bytes go into the file that sshd reads.</summary>
internal sealed record SshPublicKey(string Type, string Base64)
{
    private const int MostBytes = 4096;

    private static readonly string[] Types =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa"];

    /// <summary>The type and the key as in <c>authorized_keys</c>.</summary>
    public string Line => $"{Type} {Base64}";

    public string Fingerprint => $"SHA256:{Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Base64))).TrimEnd('=')}";

    /// <exception cref="RefusedException">400: it is no public key, or of a type that sshd does not accept.</exception>
    public static SshPublicKey Parse(string line)
    {
        var parts = line.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !Types.Contains(parts[0]))
            throw Refusal.Invalid($"publicKey: must be a line as in ~/.ssh/id_ed25519.pub. It begins with its type: {string.Join(", ", Types)}.");
        var bytes = new byte[MostBytes];
        if (!Convert.TryFromBase64String(parts[1], bytes, out var length) || !Names(bytes.AsSpan(0, length), parts[0]))
            throw Refusal.Invalid("publicKey: the part after the type is damaged.");
        return new SshPublicKey(parts[0], Convert.ToBase64String(bytes, 0, length));
    }

    /// <summary>Whether the key contains its type, as every key does.</summary>
    private static bool Names(ReadOnlySpan<byte> key, string type) =>
        key.Length > type.Length + sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(key) == type.Length
        && key.Slice(sizeof(uint), type.Length).SequenceEqual(Encoding.ASCII.GetBytes(type));
}
