namespace Portico.Api.Contracts.Platform;

/// <summary>A request to add a public key with which its user opens shells over SSH.</summary>
/// <param name="Name">A name to recognize it by.</param>
/// <param name="PublicKey">A line as in <c>id_ed25519.pub</c>.</param>
public sealed record AddSshKey(string Name, string PublicKey);

/// <param name="Fingerprint">As <c>ssh-keygen -l</c> shows it.</param>
public sealed record SshKeyInfo(string Id, string Name, string PublicKey, string Fingerprint, DateTimeOffset CreatedAt);

/// <summary>What the program at the end of an SSH connection says first: who asks for what.</summary>
/// <param name="Keys">The ids of the key that was used: several users may have added it.</param>
/// <param name="Name">The user name of the SSH client, which names the service.</param>
/// <param name="Line">The command; null for a shell.</param>
public sealed record SshHello(IReadOnlyList<string> Keys, string Name, string? Line, ShellTerminal? Terminal);
