/** Before every test file: experiments can name remedies, as in each process of the product. */
import '@shared/clinic/remedies'
