"""One module a host: the policy → the files that this host reads."""
